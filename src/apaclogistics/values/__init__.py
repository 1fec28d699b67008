"""Words without a life of their own: identifiers, money, quantities, instants, places, goods.

Every value is frozen, compares by what it says, and is valid by construction.  Import the words
from their own module, as in ``from apaclogistics.values.money import Money``.
"""

__all__ = ()
