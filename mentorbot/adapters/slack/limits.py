"""Slack's limits, each with where Slack says so. Lengths are in characters."""

HEADER_TEXT = 150  # https://docs.slack.dev/reference/block-kit/blocks/header-block
TEXT = (
    3_000  # https://docs.slack.dev/reference/block-kit/composition-objects/text-object; rich_text names none: the same
)
BUTTON_TEXT = 75  # https://docs.slack.dev/reference/block-kit/block-elements/button-element
BUTTON_VALUE = 2_000  # as above
BUTTONS_IN_A_ROW = 25  # https://docs.slack.dev/reference/block-kit/blocks/actions-block
MESSAGE_BLOCKS = 50  # https://docs.slack.dev/reference/block-kit/blocks
MESSAGE_SIZE = (
    12_000  # of a message's blocks as JSON: https://github.com/slackapi/bolt-js/issues/2509 (fails near 13,200)
)
FALLBACK_TEXT = 4_000  # https://docs.slack.dev/reference/methods/chat.postMessage
VIEW_BLOCKS = 100  # https://docs.slack.dev/reference/views
VIEW_TITLE = 24  # as above; submit and close too
PRIVATE_METADATA = 3_000  # as above
LABEL_TEXT = 2_000  # https://docs.slack.dev/reference/block-kit/blocks/input-block; its hint too
INPUT_TEXT = 3_000  # https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
OPTIONS = 100  # https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
OPTION_TEXT = 75  # https://docs.slack.dev/reference/block-kit/composition-objects/option-object
OPTION_VALUE = 150  # as above
USAGE_HINT = 1_000  # https://docs.slack.dev/reference/app-manifest
RESPONSE_URL_USES = 5  # https://docs.slack.dev/interactivity/handling-user-interaction
RESPONSE_URL_SECONDS = 30 * 60  # as above
HISTORY_PAGE = 999  # https://docs.slack.dev/reference/methods/conversations.history
ALT_TEXT = (
    1_000  # of a picture: alt_txt_too_large in https://docs.slack.dev/reference/methods/files.getUploadURLExternal
)
FILE_BYTES = 1_000_000_000  # https://slack.com/help/articles/201330736-Add-files-to-Slack
ACK_SECONDS = 3.0  # https://docs.slack.dev/tools/bolt-python/concepts/acknowledge; a trigger_id lasts as long
# https://docs.slack.dev/apis/web-api/rate-limits: one message a second in a channel, short bursts pass; "several hundred" a
# minute in a workspace, of which we take four hundred.
CHANNEL_POSTS_A_SECOND, CHANNEL_POSTS_AT_ONCE = 1.0, 3
POSTS_A_SECOND, POSTS_AT_ONCE = 400 / 60, 20
SPARE = 1
"""Of what passes at once we leave so many: a message may be quicker on its way than the one before, and so come early."""
NEW_CONVERSATIONS = (20, 1_000)
"""In ten minutes, in a workspace and in all: of 50 a minute in a workspace most is left to messages that are due.

https://docs.slack.dev/reference/methods/conversations.open
"""
