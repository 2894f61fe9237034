"""When a fingerprint is frequent, for both warehouses.

What very many articles hold is boilerplate, or a report that everybody prints. The newest few of its holders are enough to find such a
report by; were all of them candidates, every look-up would grow with the warehouse.
"""

FREQUENT = 250  # articles of the window that hold a fingerprint: with more it is frequent
FEW = 10  # of a frequent fingerprint's holders count, the newest; and so many articles that share nothing but frequent ones
