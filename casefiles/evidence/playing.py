"""What browsers play, and under which name. Pure."""

# Found media type to the one that is sent: nothing that a file claims of itself reaches the header.
PLAYED_AS = {
    "video/mp4": "video/mp4",
    "video/webm": "video/webm",
    "video/quicktime": "video/mp4",
    "audio/mp4": "audio/mp4",
    "audio/mpeg": "audio/mpeg",
    "audio/wav": "audio/wav",
    "audio/flac": "audio/flac",
    "application/ogg": "audio/ogg",
}
