"""What can be wrong with the data that training is given."""


class DataError(Exception):
    """A data set is missing, short or corrupt; the message says which file, and what to do about it."""
