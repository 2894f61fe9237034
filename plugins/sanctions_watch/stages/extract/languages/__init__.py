"""Claims in Korean, Russian, Chinese, Japanese, French and German, by lexicon (``include/lexicon/languages``); no parser is loaded.

``sentences`` cuts, ``doers`` finds who stands where a doer stands, ``deeds`` which conduct is told and whether as done, ``voices`` who says
so, ``claims`` joins them. A claim is accepted where one sentence has one possible doer, one conduct and nothing that takes it back; where
the doer is open, or the breach is left unsaid, it is for review.
"""

from sanctions_watch.stages.extract.languages.claims import read_claims
from sanctions_watch.stages.extract.languages.lexicon import LANGUAGES

__all__ = ["LANGUAGES", "read_claims"]
