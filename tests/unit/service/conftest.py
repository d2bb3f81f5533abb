"""A shop with its support for each test that asks for one."""

from support_house import support_house, support_houses

__all__ = ["support_house", "support_houses"]
