"""Pages that stand in for an article: consent walls, paywalls, checks for robots, notices that nothing is there.

A page is such a wall by what it says *and* by what it lacks: somebody who reports on paywalls or cookies tells more than a wall does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from sanctions_watch.stages.clean import lines as shape

Wall = Literal["", "consent wall", "paywall", "robot check", "page not found"]
_ENOUGH = 150  # words of its own with which a page is an article whatever else it says
_PLENTY = 60  # words without any hint of a wall with which none of the rules below could say that it is one
_LEAD = 25  # words with which a paywall still shows the beginning of its article
_HEAD = 6_000  # characters of a page in which its wall stands

# One of them is enough, where the page tells nothing else.
_ROBOT = re.compile(
    r"checking (?:your browser|if the site connection is secure)|verif(?:y|ying) (?:that )?you are (?:a )?human|you(?:['’]re| are) (?:not )?a robot|\bray id\b|unusual (?:activity|traffic) from your"
    r"|complete the (?:captcha|security check)|enable javascript and cookies to continue|browser will redirect to your requested content|ddos protection by|request (?:was|has been) blocked"
    r"|permission to access (?:the requested|this|\S{1,80} on this) (?:page|resource|server)|access (?:to this (?:page|site) has been |is )denied|(?:sie|du) (?:kein|ein) roboter|vous n['’]êtes pas un robot"
    r"|подтвердите, что вы не робот|проверка браузера|로봇이 아닙니다|ロボットではありません|人机验证|安全验证",
    re.IGNORECASE,
)
_ROBOT_TITLE = re.compile(
    r"\W*(?:just a moment|attention required!?.{0,20}|access denied|are you (?:a robot|human)|security check|robot check|403 forbidden|forbidden|one more step)\W*\Z",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"page (?:you(?:['’]re| are) (?:looking for|trying to (?:reach|visit))|you requested|requested).{0,60}(?:found|exist|moved|removed|deleted|available)|(?:page|article|story) (?:(?:was|could|can)(?: ?not|n['’]t) be found|(?:no longer|does not|doesn['’]t) exists?|(?:is )?no longer available)"
    r"|(?:can(?:no|['’])t|could(?: not|n['’]t)) find (?:that|this|the) page|error 404|404 error|\b404\b.{0,12}not found|seite (?:wurde )?(?:leider )?nicht gefunden|page (?:introuvable|non trouvée)|página no (?:encontrada|existe)"
    r"|страниц[аы] не (?:найдена|существует)|запрашиваем\w+ (?:вами )?страниц|페이지를 찾을 수 없|존재하지 않는 (?:페이지|기사)|삭제된 기사|ページ(?:が|は)(?:見つかりません|存在しません)|お探しのページ|页面不存在|您访问的页面|找不到(?:该|您)",
    re.IGNORECASE,
)
_MISSING_TITLE = re.compile(
    r"(?:\W*(?:error\s*)?404\b.*|.{0,60}\b(?:page|article|file|seite|página|страница)s?\b.{0,12}(?:not found|nicht gefunden|no encontrada|introuvable|не найдена).*|\W*(?:not found|page introuvable|페이지를 찾을 수 없.*)\W*)\Z",
    re.IGNORECASE,
)
_PAY = re.compile(
    r"\b(?:subscribe|sign ?(?:in|up)|log ?in|register|join|unlock)\b.{0,30}\b(?:to (?:continue|keep|read|unlock|access|view)\b|to (?:continue )?reading|this (?:article|story))|to (?:continue|keep|finish) reading\b.{0,60}\b(?:subscri|sign|log|register|account|free|trial)|(?:article|story|content) is (?:only |reserved )?(?:available )?(?:exclusively )?(?:only )?(?:for|to) (?:our )?(?:\w+ )?(?:subscribers|members)"
    r"|for subscribers only|subscriber[- ](?:only|exclusive)|exclusive (?:to|for) (?:our )?(?:subscribers|members)|already (?:a|have an?) (?:subscri(?:ber|ption)|member|account)\b|you have (?:reached|used) your (?:limit|\w+ free)|\w+ free articles? (?:left|remaining|this month)|(?:choose|select) (?:the|a|your) (?:plan|subscription)\b|unlimited (?:digital )?access\b.{0,80}(?:article|week|month|year|\d)|cancel (?:at )?any ?time"
    r"|nur für (?:\w+-?)?abonnent|jetzt (?:weiter ?lesen|abonnieren|testen)|(?:sie haben )?bereits (?:ein abo|abonnent|registriert)|digital-?abo|réservé(?:e)? (?:à nos |aux )abonnés|déjà abonné|(?:abonnez|connectez)-vous pour (?:lire|continuer|accéder)|la suite (?:de cet article )?est réservée|(?:contenido|artículo) (?:exclusivo|solo) para suscriptores|suscríbete para (?:leer|seguir)"
    r"|только для подписчиков|оформите подписку|чтобы (?:про)?читать (?:дальше|полностью|статью)|유료\s?(?:회원|구독)|구독자\s?(?:전용|만)|로그인\s?후\s?(?:이용|읽)|会員(?:限定|登録)(?:の)?(?:記事|すると|で)|有料会員|この記事は会員|订阅后(?:可|继续)|付费(?:阅读|内容)|登录后(?:继续)?阅读",
    re.IGNORECASE,
)
# Words without one of which none of these expressions finds anything: looking for them first is far cheaper.
_GATE_HINTS = (
    "subscri", "sign in", "signin", "sign up", "signup", "log in", "login", "register", "join", "unlock", "reading", "members", "a member", "an account", "free article", "plan", "unlimited", "cancel", "abonn", " abo", "-abo", "digitalabo", "pur-abo", "jetzt weiter", "jetzt testen",
    "suscri", "подписк", "подписчик", "дальше", "полностью", "статью", "유료", "구독자", "로그인", "会員", "订阅后", "付费", "登录后",
)  # fmt: skip
_ROBOT_HINTS = (
    "your browser",
    "human",
    "robot",
    "ray id",
    "unusual",
    "site connection",
    "captcha",
    "security check",
    "javascript and cookies",
    "ddos",
    "blocked",
    "permission to access",
    "denied",
    "робот",
    "браузер",
    "로봇",
    "ロボット",
    "验证",
)
_MISSING_HINTS = (
    "page you", "page requested", "not be found", "n't be found", "’t be found", "no longer", "not exist", "n't exist", "’t exist", "find that page", "find this page", "find the page", "404", "gefunden", "introuvable", "non trouv", "no encontrada", "no existe",
    "страниц", "페이지", "삭제된", "ページ", "页面", "找不到",
)  # fmt: skip
_CONSENT_HINTS = (
    "cookie",
    "クッキー",
    "쿠키",
    "consent",
    "einwilligung",
    "zustimm",
    "tracking",
    "privacy",
    "datenschutz",
    "confidentialit",
    "privacidad",
    "personal data",
    "personenbezogen",
    "données perso",
    "个人",
    "個人情報",
    "개인정보",
)
_HINTS = (*_GATE_HINTS, *_ROBOT_HINTS, *_MISSING_HINTS, *_CONSENT_HINTS)
# Of these a consent wall says three.
_CONSENT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bcookies?\b|クッキー|쿠키|файл\w* cookie",
        r"\b(?:our|unsere|nos|nuestros)\b.{0,12}(?:\d{1,4} )?(?:partners?|partnern?|partenaires|socios)\b|\b(?:partners?|partnern?|partenaires)\b.{0,40}\b(?:store|speichern|stocke|process|verarbeiten|use)",
        r"personal(?:ised|ized)? (?:data|information|ads?|advertising|content)|personenbezogene|données (?:personnelles|à caractère)|datos personales|персональных данных|개인정보|個人情報",
        r"\b(?:consent|einwilligung|zustimm\w+|consentement|consentimiento)\b|votre accord|согласи[ея]|同意",
        r"\b(?:accept|reject|agree|manage|akzeptieren|ablehnen|accepter|refuser|aceptar|rechazar)\b.{0,12}(?:all|alle|tout|todo|settings|cookies|weiter|continuer|options|preferences)",
        r"privacy (?:policy|notice|settings|dashboard|statement)|datenschutz|politique de confidentialité|política de privacidad",
        r"(?:personalis|personaliz)\w+ (?:ads?|advertising|content)|content measurement|audience research|\btracking\b|publicité ciblée|anzeigen zu (?:messen|personalisieren)|store (?:and|or)/?(?:or)? access information",
    )
)


def wall_of(titles: Sequence[str], lines: Sequence[str], shown: str = "") -> Wall:
    """What a page is instead of an article, "" for an article. ``lines`` is what was read as its report, ``shown`` all that the page shows."""
    if sum(shape.words(line) for line in lines if shape.is_story(line)) >= 2 * _ENOUGH:
        return ""
    plain = (line for line in lines if shape.is_story(line) and not _has(line.casefold(), _HINTS))
    if sum(map(shape.words, plain)) >= _PLENTY:
        return ""
    said = shape.spaced(" ".join((shown[:_HEAD], *lines)))[: 2 * _HEAD]
    folded = said.casefold()
    is_robot = any(map(_ROBOT_TITLE.match, titles))
    speaks_of_robots = _has(folded, _ROBOT_HINTS) and bool(_ROBOT.search(said))
    is_missing = any(map(_MISSING_TITLE.match, titles))
    speaks_of_missing = _has(folded, _MISSING_HINTS) and bool(_MISSING.search(said))
    asks_consent = _has(folded, _CONSENT_HINTS) and sum(bool(pattern.search(said)) for pattern in _CONSENT) >= 3
    asks_money = _has(folded, _GATE_HINTS) and bool(_PAY.search(said))
    if not (is_robot or speaks_of_robots or is_missing or speaks_of_missing or asks_consent or asks_money):
        return ""
    own = [line for line in lines if shape.is_story(line) and not is_gate(line)]
    if sum(map(shape.words, own)) >= _ENOUGH:
        return ""
    others = sum(shape.words(line) for line in own if not _speaks_of_wall(line))
    if (is_robot and others < _PLENTY) or (speaks_of_robots and others < _LEAD):
        return "robot check"
    if (is_missing and others < 2 * _LEAD) or (speaks_of_missing and others < _LEAD):
        return "page not found"
    if others >= _LEAD:
        return ""
    if asks_consent and not _says_pay(said):
        return "consent wall"
    return "paywall" if asks_money else ""


def _has(folded: str, hints: Sequence[str]) -> bool:
    return any(hint in folded for hint in hints)


def is_gate(line: str) -> bool:
    """Whether a line is a gate's: an offer to subscribe in place of the rest."""
    folded = line.casefold()
    return (
        any(hint in folded for hint in _GATE_HINTS)
        and shape.words(line) <= 45
        and bool(_PAY.search(line))
        and not _REPORTED.search(line)
    )


_REPORTED = re.compile(r"[\"“”«»]|\b(?:said|says|told|according|reported|announced)\b")


def _speaks_of_wall(line: str) -> bool:
    return bool(_ROBOT.search(line) or _MISSING.search(line) or any(pattern.search(line) for pattern in _CONSENT))


def _says_pay(said: str) -> bool:
    """Whether a gate asks for money more than for consent: consent walls offer a subscription, too."""
    return len(_PAY.findall(said)) > sum(len(pattern.findall(said)) for pattern in _CONSENT)
