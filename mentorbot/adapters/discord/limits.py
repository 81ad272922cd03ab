"""Discord's limits, each with where Discord says so. Lengths are in UTF-16 units, the stricter way to count.

C = https://docs.discord.com/developers/components/reference
A = https://docs.discord.com/developers/interactions/application-commands
"""

MESSAGE_TEXT = 4_000  # of all texts of a message: C#text-display
MESSAGE_COMPONENTS = 40  # nested ones count too: C#legacy-message-component-behavior
BUTTONS_IN_A_ROW = 5  # C#action-row
BUTTON_LABEL = 80  # C#button
CUSTOM_ID = 100  # C#custom-id
ALT_TEXT = 1_024  # of a picture: C#media-gallery-media-gallery-item-structure, as the OpenAPI file has it
MESSAGE_FILES = 10  # https://docs.discord.com/developers/resources/message#create-message, as the OpenAPI file has it
FILE_BYTES = 10 * 1024 * 1024  # https://docs.discord.com/developers/reference#uploading-files
MODAL_TITLE = 45  # https://docs.discord.com/developers/interactions/receiving-and-responding#modal
MODAL_FIELDS = 5  # as above
LABEL_TEXT = 45  # C#label
LABEL_DESCRIPTION = 100  # as above
SELECT_OPTIONS = 25  # C#string-select
OPTION_TEXT = 100  # as above; its value too
INPUT_TEXT = 4_000  # C#text-input
INPUT_PLACEHOLDER = 100  # as above
COMMAND_TEXT = 8_000  # names, descriptions and values of a command in all: A#slash-commands
CHOICES = 25  # A#application-command-object-application-command-option-structure
CHOICE_TEXT = 100  # A#application-command-object-application-command-option-choice-structure; its value too
OPTION_LENGTH = 6_000  # max_length of an option: as CHOICES
NONCE = 25  # https://docs.discord.com/developers/resources/message#create-message
INTERACTION_SECONDS = 3  # until an answer or a deferral: .../interactions/receiving-and-responding#followup-messages
# 50 requests a second for an application (https://docs.discord.com/developers/topics/rate-limits#global-rate-limit); a few
# are left for conversations that are opened and for histories that are read.
POSTS_A_SECOND, POSTS_AT_ONCE = 40.0, 20
NEW_CONVERSATIONS = (20, 50)
"""In ten minutes, in a guild and in all. Discord names no figure, and shuts out bots that open very many:
https://github.com/discord/discord-api-docs/issues/5987
"""
