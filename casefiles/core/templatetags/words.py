"""`{% translate "Words" %}`, looked up once for each language and not again for every row of every page.

The words of a template never change while a process lives. Django finds the translation anew at each rendering, which
for a list of fifty rows is a tenth of its time. Anything but plain words (a variable, a filter, a context, `noop`) is
left to Django's tag.
"""

from typing import Any

from django import template
from django.template.base import Node, Parser, Token
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()


class KnownWords(Node):
    """Renders Django's node for a language once, and keeps what it gave."""

    child_nodelists = ()

    def __init__(self, node: i18n.TranslateNode) -> None:
        self.node = node
        self.known: dict[str | None, Any] = {}

    def render(self, context: template.Context) -> Any:
        language, name = get_language(), self.node.asvar
        if language not in self.known:
            shown = self.node.render(context)
            self.known[language] = context[name] if name else shown
        if name:
            context[name] = self.known[language]
            return ""
        return self.known[language]


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    node = i18n.do_translate(parser, token)
    expression = node.filter_expression
    is_plain = expression.var.lookups is None and not expression.filters
    return KnownWords(node) if is_plain and not node.noop and not node.message_context else node
