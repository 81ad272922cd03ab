"""Slack's limits, each with its source. Lengths are in characters."""

HEADER_TEXT = 150  # https://docs.slack.dev/reference/block-kit/blocks/header-block
TEXT = 3_000  # https://docs.slack.dev/reference/block-kit/composition-objects/text-object; rich_text documents none, so the same
BUTTON_TEXT = 75  # https://docs.slack.dev/reference/block-kit/block-elements/button-element
BUTTON_VALUE = 2_000  # as above
BUTTONS_PER_ROW = 25  # https://docs.slack.dev/reference/block-kit/blocks/actions-block
MESSAGE_BLOCKS = 50  # https://docs.slack.dev/reference/block-kit/blocks
MESSAGE_SIZE = (
    12_000  # of a message's blocks as JSON: https://github.com/slackapi/bolt-js/issues/2509 (fails near 13,200)
)
# https://docs.slack.dev/reference/block-kit/blocks/table-block: rows with the heading, and characters of all cells together,
# which we count as JSON. A message has at most one table.
TABLE_ROWS, TABLE_COLUMNS, TABLE_TEXT = 100, 20, 10_000
FALLBACK_TEXT = 4_000  # https://docs.slack.dev/reference/methods/chat.postMessage
VIEW_BLOCKS = 100  # https://docs.slack.dev/reference/views
VIEW_TITLE = 24  # as above; submit and close too
PRIVATE_METADATA = 3_000  # as above
LABEL_TEXT = 2_000  # https://docs.slack.dev/reference/block-kit/blocks/input-block; its hint too
INPUT_TEXT = 3_000  # https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
PLACEHOLDER = 150  # as above
OPTIONS = 100  # https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
OPTION_TEXT = 75  # https://docs.slack.dev/reference/block-kit/composition-objects/option-object
OPTION_VALUE = 150  # as above
USAGE_HINT = 1_000  # https://docs.slack.dev/reference/app-manifest
RESPONSE_URL_USES = 5  # https://docs.slack.dev/interactivity/handling-user-interaction
RESPONSE_URL_SECONDS = 30 * 60  # as above
MEMBERS_PAGE_SIZE = 500  # https://docs.slack.dev/reference/methods/users.list, twenty pages a minute
HISTORY_PAGE_SIZE = 999  # https://docs.slack.dev/reference/methods/conversations.history
ALT_TEXT = (
    1_000  # of a picture: alt_txt_too_large in https://docs.slack.dev/reference/methods/files.getUploadURLExternal
)
FILE_BYTES = 1_000_000_000  # https://slack.com/help/articles/201330736-Add-files-to-Slack
ACK_SECONDS = 3.0  # https://docs.slack.dev/tools/bolt-python/concepts/acknowledge; a trigger_id lasts as long
# https://docs.slack.dev/apis/web-api/rate-limits: one message per second and channel, with short bursts allowed; per workspace
# "several hundred" a minute, which we read as four hundred.
CHANNEL_POSTS_PER_SECOND, CHANNEL_POST_BURST = 1.0, 3
POSTS_PER_SECOND, POST_BURST = 400 / 60, 20
BURST_RESERVE = 1
"""Unused messages per burst: one message may travel faster than the previous one, and so arrive early."""
DM_OPEN_QUOTA = (20, 1_000)
"""Direct messages opened per ten minutes: in one workspace, and in all. Slack allows 50 calls a minute and workspace; most of
them are left for messages that are due.

https://docs.slack.dev/reference/methods/conversations.open
"""
