"""Discord's limits, each with where Discord says so. Lengths are in UTF-16 units, the stricter way to count."""

MESSAGE_TEXT = (
    4_000  # all text displays together: https://docs.discord.com/developers/components/reference#text-display
)
MESSAGE_COMPONENTS = 40  # nested ones count too: https://docs.discord.com/developers/components/reference
BUTTONS_IN_A_ROW = 5  # https://docs.discord.com/developers/components/reference#action-row
BUTTON_LABEL = 80  # https://docs.discord.com/developers/components/reference#button
CUSTOM_ID = 100  # as above
MODAL_TITLE = 45  # https://docs.discord.com/developers/interactions/receiving-and-responding
MODAL_FIELDS = 5  # as above
LABEL_TEXT = 45  # https://docs.discord.com/developers/components/reference#label
LABEL_DESCRIPTION = 100  # as above
SELECT_OPTIONS = 25  # https://docs.discord.com/developers/components/reference#string-select
OPTION_TEXT = 100  # as above
INPUT_TEXT = 4_000  # https://docs.discord.com/developers/components/reference#text-input
INPUT_PLACEHOLDER = 100  # as above
CHOICES = 25  # https://docs.discord.com/developers/interactions/application-commands
CHOICE_TEXT = 100  # as above
OPTION_LENGTH = 6_000  # as above
NONCE = 25  # https://docs.discord.com/developers/resources/message#create-message
