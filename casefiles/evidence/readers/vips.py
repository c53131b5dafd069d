"""The few calls of libvips that read an image strip by strip, over the binding that its wheel carries.

An image is opened for one way through, from top to bottom, so only a few rows of it are in memory at any time. No call
here starts a thread. Loaders are asked for by name: nothing is guessed from the bytes.
"""

from collections.abc import Mapping
from typing import Any

from _libvips import ffi, lib

from casefiles.evidence.readers.findings import NotParsed

# VipsBandFormat, and the letters by which Python's memoryview reads the same numbers.
FORMATS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 8: "d"}
UCHAR = 0
CMYK, LAB = 15, 13  # VipsInterpretation


def prepare() -> None:
    """Start the library while files may still be opened; it keeps no results and starts no threads."""
    if lib.vips_init(b"casefiles"):
        raise RuntimeError("libvips does not start")
    lib.vips_concurrency_set(1)
    lib.vips_cache_set_max(0)


class Image:
    """An image that is read when its rows are asked for."""

    def __init__(self, pointer: Any, *kept: Any) -> None:
        self._pointer = ffi.gc(pointer, lib.g_object_unref)
        self._kept = kept
        self._region: Any = None

    @classmethod
    def opened(cls, loader: str, descriptor: int, **options: Any) -> "Image":
        """Open what a descriptor leads to with one loader ("jpeg", "png", "tiff", "webp").

        Raises:
            NotParsed: it is damaged, or of another form.
        """
        source = ffi.gc(lib.vips_source_new_from_descriptor(descriptor), lib.g_object_unref)
        wanted = {"access": "sequential", "fail-on": "error", **options}
        return cls(_output(f"{loader}load_source", wanted, source=source), source)

    def changed(self, operation: str, **options: Any) -> "Image":
        """Return what an operation makes of this image, reckoned when it is read."""
        return Image(_output(operation, options, **{"in": self._pointer}), self)

    def number(self, name: str) -> int:
        """Return a whole number of the image's head ("width", "bands"), or 0 where it has none of that name."""
        if not lib.vips_image_get_typeof(self._pointer, name.encode()):
            return 0
        value = ffi.gc(ffi.new("GValue *"), lib.g_value_unset)
        lib.vips_image_get(self._pointer, name.encode(), value)
        kind = ffi.string(lib.g_type_name(lib.g_type_fundamental(value.g_type)))
        if kind == b"GEnum":
            return int(lib.g_value_get_enum(value))
        return int(lib.g_value_get_int(value)) if kind == b"gint" else 0

    def rows(self, top: int, count: int) -> memoryview:
        """Return the bytes of rows; they must be asked for from top to bottom.

        Raises:
            NotParsed: they cannot be decoded.
        """
        if self._region is None:
            self._region = ffi.gc(lib.vips_region_new(self._pointer), lib.g_object_unref)
        size = ffi.new("size_t *")
        pixels = lib.vips_region_fetch(self._region, 0, top, self.number("width"), count, size)
        if pixels == ffi.NULL:
            raise NotParsed("it is damaged, or no picture of a known form")
        return memoryview(ffi.buffer(ffi.gc(pixels, lib.g_free), size[0]))


def _output(name: str, options: Mapping[str, Any], **objects: Any) -> Any:
    operation = lib.vips_operation_new(name.encode())
    if operation == ffi.NULL:
        raise RuntimeError(f"libvips knows no {name}")
    for key, value in objects.items():
        _set_object(operation, key, value)
    words = ",".join(f"{key.replace('_', '-')}={_word(value)}" for key, value in options.items())
    if lib.vips_object_set_from_string(ffi.cast("VipsObject *", operation), f"[{words}]".encode()):
        raise RuntimeError(f"{name} takes no {words}")
    built = lib.vips_cache_operation_build(operation)
    lib.g_object_unref(operation)
    if built == ffi.NULL:
        lib.vips_error_clear()
        raise NotParsed("it is damaged, or no picture of a known form")
    try:
        return _out_of(built)
    finally:
        lib.vips_object_unref_outputs(ffi.cast("VipsObject *", built))
        lib.g_object_unref(built)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _set_object(operation: Any, name: str, thing: Any) -> None:
    value = ffi.gc(ffi.new("GValue *"), lib.g_value_unset)
    lib.g_value_init(value, lib.g_type_from_name(b"VipsImage" if name == "in" else b"VipsSource"))
    lib.g_value_set_object(value, thing)
    lib.g_object_set_property(ffi.cast("GObject *", operation), name.encode(), value)


def _out_of(operation: Any) -> Any:
    value = ffi.gc(ffi.new("GValue *"), lib.g_value_unset)
    lib.g_value_init(value, lib.g_type_from_name(b"VipsImage"))
    lib.g_object_get_property(ffi.cast("GObject *", operation), b"out", value)
    image = ffi.cast("VipsImage *", lib.g_value_get_object(value))
    # The value lets go of it when it ends.
    lib.g_object_ref(image)
    return image
