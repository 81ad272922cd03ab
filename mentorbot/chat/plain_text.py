"""Cards and forms as plain text."""

from __future__ import annotations

from typing import assert_never

from mentorbot.chat.cards import (
    ActionLine,
    Answer,
    Block,
    Bullets,
    Buttons,
    ChartImage,
    Divider,
    Field,
    FieldList,
    FileBlock,
    Footnote,
    Form,
    Heading,
    Paragraph,
    Table,
    text_of,
)


def plain_text(answer: Answer, *, lines: bool = True) -> str:
    """Render the whole answer as plain text, for the command line. Nothing is left out.

    For notifications and screen readers, where nobody can type, `lines` is False: buttons are shown by their labels alone.
    """
    if isinstance(answer, Form):
        return "\n\n".join([answer.title, *map(_plain_field, answer.fields)])
    blocks = (_plain_block(block) if lines else _without_lines(block) for block in answer.blocks)
    return "\n\n".join(text for text in (answer.title, *blocks) if text)


def _without_lines(block: Block) -> str:
    if isinstance(block, Buttons):
        return " ".join(f"[{button.label}]" for button in block.buttons)
    if isinstance(block, ActionLine):
        return f"{text_of(block.words)} [{block.button.label}]"
    return _plain_block(block)


def _plain_block(block: Block) -> str:
    match block:
        case Paragraph():
            return text_of(block.words)
        case Footnote():
            return f"({text_of(block.words)})"
        case Heading():
            return block.text.upper()
        case Bullets():
            marks = (f"{number}." if block.numbered else "•" for number in range(1, len(block.items) + 1))
            return "\n".join(f"{mark} {text_of(item)}" for mark, item in zip(marks, block.items, strict=True))
        case FieldList():
            return "\n".join(f"{name}: {text_of(value)}" for name, value in block.rows)
        case Table():
            return _plain_block(block.as_list)
        case Divider():
            return "---"
        case ChartImage():
            return f"[picture] {block.alt}"
        case FileBlock():
            return f"[{block.name}]\n{block.text}"
        case ActionLine():
            return f"{text_of(block.words)} [{block.button.label}] /mentor {block.button.line}"
        case Buttons():
            return "\n".join(f"[{button.label}] /mentor {button.line}" for button in block.buttons)
        case _:
            assert_never(block)


def _plain_field(field: Field) -> str:
    optional = "" if field.required else " (optional)"
    values = f" ({', '.join(choice.value for choice in field.choices)})" if field.choices else ""
    hint = f" {field.hint}" if field.hint else ""
    return f"{field.label}{optional}{values}\n{field.name}:{hint}"
