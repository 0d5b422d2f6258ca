"""Why training stops: bad data, or a model that must not be released."""


class DataError(Exception):
    """A data set is missing, short or corrupt; the message says which file, and what to do about it."""


class ReleaseError(Exception):
    """A model is worse than the one it would replace, or not what its run says it is."""
