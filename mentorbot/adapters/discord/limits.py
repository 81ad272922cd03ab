"""Discord's limits, each with its source. Lengths are in UTF-16 units, the strictest way to count them.

C = https://docs.discord.com/developers/components/reference
A = https://docs.discord.com/developers/interactions/application-commands
"""

MESSAGE_TEXT = 4_000  # total of all texts in a message: C#text-display
MESSAGE_COMPONENTS = 40  # including nested ones: C#legacy-message-component-behavior
BUTTONS_PER_ROW = 5  # C#action-row
BUTTON_LABEL = 80  # C#button
CUSTOM_ID = 100  # C#custom-id
ALT_TEXT = 1_024  # of an image: C#media-gallery-media-gallery-item-structure, and the OpenAPI file
MESSAGE_FILES = 10  # https://docs.discord.com/developers/resources/message#create-message, and the OpenAPI file
FILE_BYTES = 10 * 1024 * 1024  # https://docs.discord.com/developers/reference#uploading-files
MODAL_TITLE = 45  # https://docs.discord.com/developers/interactions/receiving-and-responding#modal
MODAL_FIELDS = 5  # as above
LABEL_TEXT = 45  # C#label
LABEL_DESCRIPTION = 100  # as above
SELECT_OPTIONS = 25  # C#string-select
OPTION_TEXT = 100  # as above; its value too
INPUT_TEXT = 4_000  # C#text-input
INPUT_PLACEHOLDER = 100  # as above
COMMAND_TEXT = 8_000  # names, descriptions and values of a command in total: A#slash-commands
COMMAND_DESCRIPTION = 100  # of a command, a group or an option: same source
OPTIONS = 25  # of a command: same source
CHOICES = 25  # A#application-command-object-application-command-option-structure
CHOICE_TEXT = 100  # A#application-command-object-application-command-option-choice-structure; its value too
OPTION_LENGTH = 6_000  # max_length of an option: same source as CHOICES
THREAD_NAME = 100  # https://docs.discord.com/developers/resources/channel#start-thread-in-forum-or-media-channel
NONCE = 25  # https://docs.discord.com/developers/resources/message#create-message
# An application gets 50 requests a second (https://docs.discord.com/developers/topics/rate-limits#global-rate-limit).
# We keep some in reserve for opening DMs and reading histories.
POSTS_PER_SECOND, POST_BURST = 40.0, 20
DM_OPEN_QUOTA = (20, 50)
"""DMs opened per ten minutes: in one guild, and overall. Discord publishes no figure, but blocks bots that open too many:
https://github.com/discord/discord-api-docs/issues/5987
"""
