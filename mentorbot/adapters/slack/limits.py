"""Slack's limits, each with where Slack says so. Lengths are in characters."""

HEADER_TEXT = 150  # https://docs.slack.dev/reference/block-kit/blocks/header-block
RICH_TEXT = 2_900  # a section holds 3,000: https://docs.slack.dev/reference/block-kit/blocks/section-block
CONTEXT_TEXT = 2_000  # https://docs.slack.dev/reference/block-kit/blocks/context-block
BUTTON_TEXT = 75  # https://docs.slack.dev/reference/block-kit/block-elements/button-element
BUTTON_VALUE = 2_000  # as above
BUTTONS_IN_A_ROW = 25  # https://docs.slack.dev/reference/block-kit/blocks/actions-block
MESSAGE_BLOCKS = 50  # https://docs.slack.dev/reference/block-kit/blocks
MESSAGE_TEXT = 12_000  # all blocks together fail near 13,200 (msg_blocks_too_long)
FALLBACK_TEXT = 4_000  # https://docs.slack.dev/reference/methods/chat.postMessage
VIEW_BLOCKS = 100  # https://docs.slack.dev/reference/views
VIEW_TITLE = 24  # as above; submit and close too
PRIVATE_METADATA = 3_000  # as above
LABEL_TEXT = 2_000  # https://docs.slack.dev/reference/block-kit/blocks/input-block
PLACEHOLDER_TEXT = 150  # https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
INPUT_TEXT = 3_000  # as above
OPTIONS = 100  # https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
OPTION_TEXT = 75  # https://docs.slack.dev/reference/block-kit/composition-objects/option-object
RESPONSE_URL_USES = 5  # https://docs.slack.dev/interactivity/handling-user-interaction
