"""What stands among a report's lines and is none of it: advertisements, captions, teasers, calls to action, the page's own furniture.

A line goes only when its whole shape says so; a section (a heading such as "Latest Headlines" and what follows) only as long as what follows
looks like teasers: where the report goes on behind it, the report stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sanctions_watch.records import Removed, RemovedKind
from sanctions_watch.stages.clean import lines as shape
from sanctions_watch.stages.clean.wire import is_sign_off, notice_kind

# ---------------------------------------------------------------- single lines

_ADVERTISEMENT = re.compile(
    r"\W*(?:(?:advertisements?|advertising|adverts?|ads? by google|ads?|sponsored(?: content| by .{1,40})?|paid (?:content|post)|promoted(?: content)?|publicidad|publicité|werbung|anzeige|"
    r"реклама|광고|広告|廣告|广告|スポンサーリンク|remove ads?|(?:story|article|text|content|report) continues?(?: below| after)?(?: (?:the |this )?(?:advertisement|ad|video|photo|gallery))?|continues? (?:below|after)(?: the)?(?: advertisement| ad)?|"
    r"continue reading(?: below)?(?: the)?(?: main)?(?: story| article)?|(?:scroll|swipe|keep scrolling) (?:down |for |to |on ).{0,60}|skip (?:advertisement|ad|past newsletter.{0,40})|after newsletter promotion|"
    r"loading(?: \.\.\.)?|more after the (?:break|jump|ad))\W*){1,3}\Z",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"\W{0,4}(?:read (?:more|also|next|on|the full .{1,30}|full .{1,30}|: )|also read|more read|more on (?:this|the|our)?|more about|see (?:also|more)|related(?: stor(?:y|ies)| articles?| news| coverage| links?| content)?|"
    r"recommended(?: reading)?|further reading|must[ -]read|don['’]t miss|icymi|in case you missed it|in (?:depth|focus|pictures)|(?:you may|you might) (?:also )?(?:like|be interested in)|you(?:['’]ll)? (?:may )?(?:also )?like|"
    r"watch(?: (?:live|now|more|the video|video|also|this))?|listen(?: now| live| to| also)?|photos?|gallery|pictures|video|live updates?|explainer|factbox|background|timeline|quiz|podcast|opinion|our (?:view|take)|up next|next (?:story|article|up)|previous (?:story|article)|"
    r"click here|more (?:stories|news|coverage|from .{1,40})|editor['’]s pick|top stor(?:y|ies)|trending(?: now)?|most (?:read|viewed|popular)|tags?|topics?|keywords?|filed under|categor(?:y|ies)|in this (?:article|story)|"
    r"читайте также|читать далее|по теме|ранее по теме|материалы по теме|смотрите также|관련\s?기사|관련\s?뉴스|더\s?보기|함께\s?보기|함께 보면 좋은 기사|関連記事|関連ニュース|あわせて読みたい|次の記事|続きを読む|相关(?:阅读|新闻|报道|链接)|延伸阅读|推荐阅读|"
    r"lea (?:también|más)|te puede interesar|también puede interesarle|also on [A-Z][\w .&’'-]{1,40}|lire aussi|à lire aussi|à lire|lesen sie auch|mehr zum thema)\s*(?:[:：|»›>▶→]|\s[-–—]\s)\s*\S",
    re.IGNORECASE,
)
# Words that begin a call to action, and what it must go on to speak of.
_CALL = re.compile(
    r"\W{0,4}(?:subscribe|sign[ -](?:up|in)|signup|register|log ?in|follow|share|download|join|support (?:us|our|the)|donate|listen|click|tap|watch|enable|turn on|allow|get |try |become |already |want |enjoy|have (?:a tip|a story|you)|"
    r"send |e-?mail|contact|write to|reach |tell us|read our|see our|view |print|save|copy|report (?:an|a)|give |gift |like us|find us|visit us|please|unlock|start your|add |buy |comment|leave a|post a|what do you think|did you|to (?:read|continue|comment|subscribe|receive|get)|"
    r"our (?:newsletter|app|journalism)|stay |never miss|don['’]t miss|this (?:site|website|content)|we use|by (?:signing|clicking|continuing|subscribing)|you can|for (?:more|the latest)|receive|thank)",
    re.IGNORECASE,
)
_CALLS_FOR = re.compile(
    r"\b(?:newsletters?|podcasts?|(?:mobile |our |news )app|inbox|briefing|subscri(?:be|ber|bers|ption|ptions)|members(?:hip)?|cookies?|javascript|notifications?|facebook|twitter|instagram|telegram|whatsapp|youtube|linkedin|wechat|google news|rss|"
    r"this (?:article|story|page|post|report|link|audio)|full (?:article|story|access|report)|your (?:email|e-mail|browser|account|inbox|device|friends|views|comments?|copy|free)|comments?(?: section| policy)?|advertis(?:e|ing|ers?)|premium|paywall|free trial|"
    r"us on|us at|our (?:newsletter|channel|page|website|reporters?|journalis[mt]s?|team|coverage|work|terms|privacy)|terms (?:of (?:use|service)|and conditions)|privacy (?:policy|notice)|sign up|log in|click here|for free|alerts?|twitter\.com|breaking news)\b"
    r"|@|https?://|www\.",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"\W*(?:"
    r"(?:copyright|\(c\)|©|ⓒ|저작권자|all rights reserved|무단\s?전재|無断転載|版权所有|все права защищены|todos los derechos reservados|tous droits réservés)(?!\w).{0,300}|[^.]{0,120}(?:all rights reserved|무단\s?전재|재배포\s?금지|無断転載|未经授权)\W{0,3}.{0,120}|"
    r"\(?\s?(?:end|ends|end item|끝|完|おわり|more|30|###)\s?\)?|"
    r"share(?: (?:this|on|via|with))?(?: (?:article|story|post|page|facebook|twitter|x|email|link))?|tweet|print(?: (?:this|article|page))?|e-?mail(?: this.{0,20})?|save(?: (?:article|story|for later))?|copy link|facebook|twitter|whatsapp|telegram|linkedin|reddit|"
    r"comments?(?:\s*\(?\d{0,6}\)?)?|\d{1,6}\s?comments?|(?:view|show|hide|add|post|leave) (?:all |a )?(?:\d{1,6} )?comments?|\d{1,3}(?:[.,]\d{1,3})?[km]?(?: (?:shares?|views?|likes?|reads?))?|"
    r"\d{1,3}[ -]min(?:ute)?s?(?:[ -]read|\.? read(?:ing time)?)?|reading time.{0,30}|(?:estimated )?read(?:ing)? time\W{0,3}\d.{0,20}|"
    r"listen(?: to)?(?: this)?(?: article| story| report| page)?(?:\W{1,3}\d{1,2}(?::\d\d)?\s?(?:minutes?|mins?|m)?)?|(?:play|pause|mute|audio|video|image|photos?|gallery|slideshow)(?: (?:audio|video|player|gallery|\d{1,2}(?: of |/)\d{1,2}))?|\d{1,2}(?: of |/)\d{1,2}|"
    r"text size.{0,20}|font size.{0,20}|(?:go )?back to (?:top|article|home(?:page)?).{0,60}|(?:return|skip) to .{1,40}|top|close|menu|search|home|next|previous|more|advertise with us|about us|contact(?: us)?|privacy(?: policy)?|terms(?: of (?:use|service))?|cookie (?:policy|settings)|"
    r"follow(?: us)?(?: on .{1,30})?|subscribe(?: now)?|sign (?:in|up)|log ?in|register|newsletter|donate|support us|"
    r"(?:photo|image|picture|file photo)|"
    r"crawled at:.{0,60}|source:\s*\[.{1,20}\]\(.{1,300}\)|원문\s?보기.{0,300}|기자\s?구독|구독|좋아요|공유(?:하기)?|댓글(?:\s?\d{1,5})?|글자\s?크기.{0,20}|シェア(?:する)?|ツイート(?:する)?|印刷(?:する)?|分享(?:到)?|打印|字号.{0,10}|责任编辑.{0,30}|【?责编.{0,30}|поделиться|подписаться"
    r"|the post .{1,300} appeared first on .{1,100}|this (?:article|story|post) (?:first|originally) appeared (?:on|in) .{1,100}|read (?:the )?(?:full|original|rest)(?: of)?(?: the| this)? (?:article|story|post|entry).{0,60}|\[?(?:…|\.\.\.)\]?|continue reading.{0,120}|click here.{0,80}"
    r"|(?:find|read|view) this (?:article|story|page) (?:at|on|online)\W{0,3}(?:at\W{0,3})?(?:https?://|www\.)\S{1,300}|for immediate release|(?:this video|the video|video) can(?: ?not|['’]t) be played.{0,160}|to play this video.{0,160}"
    r"|(?:this is )?an official (?:web)?site of the .{1,120}|here['’]?s? (?:is )?how you know|(?:secure \.gov websites|official websites) use .{1,240}|(?:media|press) contacts?\s?:.{0,200}|for (?:all )?the latest (?:news|updates)?\b.{0,60}(?:visit|follow|home ?page).{0,60}"
    r"|(?:この|本)記事をシェア(?:する)?|【?(?:责任|責任)?(?:编辑|編輯|编审|校对)\s?[:：].{1,30}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2} \d{1,2}:\d\d 송고|(?:подпи(?:сывайтесь|саться|шитесь) на|следите за).{1,120}|нашли (?:опечатку|ошибку).{0,120}|(?:newsletters?|den newsletter) abonnieren.{0,80}"
    r"|(?:abonnez-vous|inscrivez-vous|suivez-nous) .{0,120}|(?:suscríbete|síguenos|regístrate) .{0,120}|(?:abonnieren|folgen) sie .{0,120}|do you have a (?:story|tip).{0,80}|support our (?:work|research|journalism|reporting)|제보는 .{0,80}|关注我们.{0,60}|扫一扫.{0,60}"
    r"|(?:please )?enable (?:javascript|cookies).{0,160}|[\w.+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{1,20}){1,3}(?:\W{0,3}\(?end\)?)?"
    r")\W*\Z",
    re.IGNORECASE,
)
_TAG_LINE = re.compile(r"<[a-zA-Z!/][^<>]{0,2000}>(?:\s*<[a-zA-Z!/][^<>]{0,2000}>){0,4}\Z")
_BREADCRUMB = re.compile(
    r"(?:home|news|world|asia|front page|뉴스|ホーム|首页|главная)\s*(?:[>»›/|·•]\s*[^>»›/|·•]{1,40}){1,6}\Z", re.IGNORECASE
)
_RULE = re.compile(r"[\W_]{1,200}\Z")
_BRACKETED_NAME = re.compile(r"[【（(\[][々一-鿿ぁ-ゖァ-ー가-힣・]{2,8}(?:\s?(?:기자|記者|特派員))?[】）)\]]\Z")
_SIGNED = re.compile(r"(?:by |von |par |por )?[^@]{0,70}[\w.+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{1,20}){1,3}\W{0,3}\Z", re.IGNORECASE)

# ---------------------------------------------------------------- captions

_PHOTOGRAPHERS = r"AFP|AP|EPA(?:-EFE|-Yonhap)?|EFE|Reuters|REUTERS|Getty(?: Images)?|Yonhap|YONHAP|Kyodo|KYODO|Xinhua|KCNA|KNS|TASS|Sputnik|RIA Novosti|UPI|ANI|dpa|Bloomberg|Shutterstock|iStock|Alamy|Wikimedia(?: Commons)?|Flickr|Newsis|NEWSIS|News1|PTI|Anadolu|AA|NurPhoto|SIPA|ZUMA|Maxar(?: Technologies)?|Planet Labs(?: PBC)?|123rf|Handout|HANDOUT"
_CAPTION_START = re.compile(
    r"\W{0,3}(?:(?:file |stock |archive |handout |library |representative |representational |satellite |illustrative |lead |main )?(?:photos?|photographs?|images?|pictures?|illustration|graphic|caption|video|screenshot|screengrab|фото|foto|사진|写真|图|図|圖)(?:\s?(?:credit|courtesy|by|provided by|taken by|illustration|source|shows?))?\s?[:=：／/]\s*\S"
    r"|(?:photo|photograph|picture|image|illustration|graphic)s? (?:by|courtesy(?: of)?|credit|provided by|via|taken by)\b|(?:credit|courtesy)(?: of)?\s?[:：]|"
    rf"(?:{_PHOTOGRAPHERS})\s?/\s?(?:file\s)?(?:photo|handout)?s?\W{{0,3}}|"
    r"\[(?:photo|image|picture|graphic|사진|写真|图片|file|video)[^\]]{0,200}\]\W*\Z|\((?:photo|image|picture|사진|写真)[^)]{0,200}\)\W*\Z|图为|資料写真|资料图|자료사진|▲\s?\S)",
    re.IGNORECASE,
)
_CAPTION_END = re.compile(
    rf"(?:[(\[（【]\s?(?:file(?: photos?| image| picture| pic)?|archive(?: photo)?|archives|library|handout|screenshot|screengrab|courtesy.{{0,60}}|photo.{{0,60}}|image.{{0,60}}|picture.{{0,60}}|illustration.{{0,40}}|credit.{{0,60}}|via .{{1,40}}|"
    rf"(?:{_PHOTOGRAPHERS})(?:(?: Photo)?\s?/.{{1,60}}| Photo.{{0,40}}| via .{{1,40}})|[^()\[\]]{{1,40}}/(?:{_PHOTOGRAPHERS})(?: Photo)?(?: via .{{1,30}})?|사진.{{0,40}}|写真.{{0,40}})\s?[)\]）】]"
    # Credits begin with a capital; "identified from a photo by investigators" is a sentence.
    rf"|(?-i:\b(?:Photo|PHOTO|Photograph|Picture|Image|Illustration|Graphic)s?(?: [Cc]redit)?(?: by |\s?:\s?|/| [Cc]ourtesy (?:of )?| provided by )\S.{{0,90}})|[|/-]\s?(?:{_PHOTOGRAPHERS})|file photo|(?<=[.”\"] )(?:{_PHOTOGRAPHERS})(?:/[\w .]{{1,40}})?|(?:REUTERS|AFP|EPA|Reuters|AP)\s?/\s?[\w .’'-]{{2,50}}|©\s?.{{1,60}})\W{{0,2}}\Z",
    re.IGNORECASE,
)
_CAPTION_ACRONYM = re.compile(
    rf"[(\[（]\s?(?:{_PHOTOGRAPHERS})\s?[)\]）]\Z"
)  # "the Korean Central News Agency (KCNA)." is a sentence
_CAPTION_PHRASE = re.compile(
    r"(?:(?:in )?this (?:\w{1,12} ){0,3}?(?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?,? )?(?:\w{1,12} ){0,2}?(?:photo|photograph|image|picture|illustration|screengrab|handout)(?:,| (?:provided|taken|released|captured|made|shows?|posted|distributed|obtained|from)\b)"
    r"|(?:a|an|the)? ?(?:file|undated|handout) (?:photo|photograph|image|picture)\b|[^.]{0,200}\b(?:is|are|was|were) (?:seen|pictured|shown) in this (?:\w{1,12} ){0,3}(?:photo|image|picture|photograph|handout)\b)",
    re.IGNORECASE,
)
_CAPTION_WORDS = 90
_LONGEST_SECTION = 300  # lines

# ---------------------------------------------------------------- sections

# Headings that nothing of the report follows.
_STRONG = re.compile(
    r"\W{0,6}(?:(?:the )?latest(?: (?:headlines?|news|stories|articles|updates?|videos?|from .{1,40}|in .{1,30}))?|(?:top|more|other|related|recommended|popular|trending|featured|similar|recent|breaking|sponsored|promoted|must[ -]read|editors?['’]?s?|today['’]?s|our (?:top|best))\s(?:headlines?|news|stor(?:y|ies)|articles?|reads?|reading|coverage|posts?|topics?|links?|content|videos?|picks?|choices?|reports?|stuff|like this|now|today|for you|reports)(?: .{1,30})?|"
    r"(?:more|also|elsewhere|latest|news|stories|best|headlines) (?:from|on|in|about|by|at) .{1,50}|most (?:read|popular|viewed|shared|commented|watched|discussed|recent|clicked)(?: .{1,30})?|(?:you|readers|people)(?: who read this)?(?:['’]ll)?(?: may| might| could)?(?: also)? (?:like|love|enjoy|liked|read|be interested in)(?: .{1,20})?|what (?:to read next|others are reading|readers are .{1,30}|we['’]re reading|else is new)|"
    r"(?:read|watch|up|coming up|what['’]s) next|up next|read (?:more|also|on|next)|see also|also (?:read|see|in .{1,40})|don['’]t miss|in case you missed it|related(?: .{1,25})?|recommended(?: (?:for you|by .{1,30}|stories))?|trending(?: now| topics?| .{1,20})?|(?:around|from|across|elsewhere on) (?:the|our) (?:web|network|partners|site|archives?)|sponsored(?: links?| content)?|paid (?:content|partner content)|promoted(?: stories| links?)?|"
    r"newsletters?(?: sign[ -]?up)?|(?:sign up|subscribe) (?:for|to) .{1,60}|get (?:our|the) .{0,40}newsletters?.{0,40}|(?:popular|hot|editor['’]s|staff) (?:now|topics?|picks?|choice)|share (?:this|on|via).{0,40}|follow (?:us|.{1,30} on) .{0,60}|join the (?:conversation|discussion)|(?:view |show |post |leave |add )?(?:all |a |your )?(?:reader )?comments?(?:\s?\(?\d{0,5}\)?)?|about the (?:author|writer|reporter)s?|(?:our )?(?:partners|sponsors)|in (?:other|today['’]s) news|other (?:news|developments)|(?:news|world|nation|sports?) (?:briefs|in brief)|"
    r"(?:the )?(?:week|day|world) in (?:pictures|photos)|photo(?:s| gallery| galleries)|(?:more )?videos?|(?:tags?|topics?|keywords?)(?:\s?:.{0,200})?|what['’]s (?:hot|new|trending|on)|(?:more )?reading|classifieds?|job listings|puzzles?|horoscopes?|weather|crossword|obituaries|"
    r"관련\s?(?:기사|뉴스)|많이\s?본\s?(?:기사|뉴스)|주요\s?(?:기사|뉴스)|최신\s?(?:기사|뉴스)|인기\s?(?:기사|뉴스)|추천\s?(?:기사|뉴스)|오늘의\s?.{1,12}|실시간\s?.{1,12}|기자의\s?다른\s?기사|関連(?:記事|ニュース|リンク)|人気(?:記事|ランキング)|アクセスランキング|最新(?:記事|ニュース)|おすすめ(?:記事)?|注目(?:記事|ニュース)|あわせて読みたい|ランキング|相关(?:阅读|新闻|报道)|推荐阅读|热门(?:文章|新闻|推荐)|猜你喜欢|最新新闻|延伸阅读|"
    r"читайте также|(?:главные|последние|другие|популярные|свежие) новости|(?:материалы )?по теме|(?:самое )?(?:читаемое|популярное)|новости партнер(?:ов|а)|последние новости|más (?:noticias|leídas)|te puede interesar|noticias relacionadas|à lire (?:aussi|également)|les plus lus|articles liés|mehr zum thema|meistgelesen|das könnte sie auch interessieren)\W{0,4}\Z",
    re.IGNORECASE,
)
# Headings that may as well be a crosshead of the report: they need teasers behind them.
_WEAK = re.compile(
    r"\W{0,6}(?:opinions?|editorials?|editorial board|comment(?:ary)?|columns?|columnists?|analysis|views?|viewpoints?|perspectives?|letters?|blogs?|features?|world|asia|nation(?:al)?|politics|business|economy|sports?|entertainment|lifestyle|culture|tech(?:nology)?|science|health|local|video|photos?|podcasts?|magazine|multimedia|specials?|in focus|spotlight|"
    r"사설|오피니언|칼럼|정치|사회|경제|국제|スポーツ|社会|政治|国際|社説|オピニオン|社评|评论|观点|国际|体育|мнени[ея]|политика|экономика|спорт|в мире|opinión|mundo|deportes|opinion|monde|meinung)\W{0,4}\Z",
    re.IGNORECASE,
)
_POINTER_HEADING = re.compile(
    r"\W{0,6}(?:(?:read|see|watch) (?:more|also|next)|also read|more on this.{0,20}|related(?: .{1,20})?|recommended|don['’]t miss|관련\s?기사|関連記事|相关阅读|читайте также)\W{0,4}\Z",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"\b(?:said|says|told|according to|reported|announced|added|denied|accused)\b|[”»」]|заявил|сообщил|밝혔|말했|述べ|表示"
)
_LABELLED = re.compile(r"[A-Z][\w&’' ]{2,24}\s?(?://|[:|•·])\s?\S")
_RECORD = re.compile(r";|\b(?:IMO|DOB|POB|a\.k\.a|MMSI|Passport)\b")  # a line of a sanctions list, not a headline
_NUMBERED = re.compile(r"\W{0,2}\d{1,2}\s?[.)]\s?\S")


@dataclass(frozen=True, slots=True)
class Sifted:
    """A text's lines: the report's, what stood behind it, and all that was taken out."""

    lines: tuple[str, ...]
    tail: tuple[str, ...]
    removed: tuple[Removed, ...]


def sift(lines: Sequence[str], captions: Collection[str] = ()) -> Sifted:
    """The report's own lines. ``captions`` are texts that the page marks as such.

    Repeated until nothing more goes, so that cleaning what is clean changes nothing.
    """
    removed: list[Removed] = []
    tail: list[str] = []
    kept = list(lines)
    known = {shape.key(caption) for caption in captions} - {""}
    while True:
        before = len(kept)
        kept = _without_single_lines(kept, removed, known)
        kept = _without_doubles(kept, removed)
        kept = _without_sections(kept, removed, tail)
        kept = _without_trailing_headlines(kept, removed, tail)
        if len(kept) == before:
            return Sifted(tuple(kept), tuple(tail), tuple(removed))


def _without_doubles(lines: list[str], removed: list[Removed]) -> list[str]:
    """A line printed twice running is a caption, under a picture and in its description; a paragraph of the report is told once."""
    keys = [shape.key(line) for line in lines]
    counts = Counter(keys)
    doubled = {one for one, count in counts.items() if count > 1 and (len(one.split()) >= 3 or len(one) >= 12)}
    is_page_twice = len(doubled) > 3 and len(doubled) * 3 > len(counts)
    kept: list[str] = []
    seen: set[str] = set()
    for number, (line, one) in enumerate(zip(lines, keys, strict=True)):
        is_adjacent = one in keys[max(0, number - 1) : number] + keys[number + 1 : number + 2]
        is_caption = one in doubled and is_adjacent and not is_page_twice and _describes(line, kept)
        if is_caption or one in seen:
            removed.append(Removed("caption" if is_caption else "boilerplate", line))
        else:
            kept.append(line)
        if one in doubled:
            seen.add(one)
    return kept


def _describes(line: str, before: Sequence[str]) -> bool:
    """Whether a line that is printed twice describes a picture: marked or short, or standing before the report begins and no quotation."""
    if is_caption_line(line) or not shape.is_story(line) or shape.words(line) < 15:
        return True
    return not any(map(shape.is_story, before)) and line[:1] not in "\"“'‘«「"


def _without_single_lines(lines: list[str], removed: list[Removed], captions: set[str]) -> list[str]:
    kept: list[str] = []
    last = max((number for number, line in enumerate(lines) if shape.is_story(line)), default=-1)
    for number, line in enumerate(lines):
        # "... on Monday. (Yonhap)" under a picture; as the report's last line it is a credit.
        is_caption = shape.key(line) in captions or (number < last and is_short(line) and bool(_CAPTION_ACRONYM.search(line[-60:])))
        kind: RemovedKind | None = "caption" if is_caption else kind_of(line)
        if kind:
            removed.append(Removed(kind, line))
        else:
            kept.append(line)
    return kept


@lru_cache(maxsize=4_096)
def kind_of(line: str) -> RemovedKind | None:
    """What a line is that does not belong to a report, judged by itself; None where it may belong to one."""
    if len(line) > 1_200:
        return None
    if _RULE.match(line):
        return "boilerplate"
    if len(line) <= 160 and _ADVERTISEMENT.match(line):
        return "advertisement"
    if is_sign_off(line) or _is_signed(line) or _BRACKETED_NAME.match(line):
        return "credit"
    if (
        notice_kind(line)
        or (len(line) <= 500 and _FURNITURE.match(line))
        or _TAG_LINE.match(line)
        or (len(line) <= 200 and _BREADCRUMB.match(line))
    ):
        return "boilerplate"
    if is_caption_line(line):
        return "caption"
    count = shape.words(line)
    if count <= 30 and _POINTER.match(line) and not (count > 8 and line.endswith(".")):
        return "teaser"
    if (
        count <= 45
        and not line.lstrip().startswith(('"', "“", "'", "‘", "«", "「"))
        and _CALL.match(line)
        and _CALLS_FOR.search(line)
        and _is_address(line)
    ):
        return "boilerplate"
    return None


def _is_signed(line: str) -> bool:
    """A line that only names its writer, with an address to write to: "By A. B. (a.b@example.org)"."""
    return len(line) <= 120 and shape.words(line) <= 16 and bool(_SIGNED.match(line))


def _is_address(line: str) -> bool:
    """Whether a call to action speaks to the reader: an imperative at its head and no one who reports it."""
    return not re.search(r"\b(?:said|says|told|according|reported|announced|added|accused|alleged|heard|was|were)\b", line)


def is_caption_line(line: str) -> bool:
    """Whether a line describes a picture, by the way it begins or ends."""
    return is_short(line) and bool(_CAPTION_START.match(line) or _CAPTION_PHRASE.match(line) or _CAPTION_END.search(line[-140:]))


def is_short(line: str) -> bool:
    """Whether a line is short enough for a caption."""
    return len(line) <= 900 and shape.words(line) <= _CAPTION_WORDS


def _without_sections(lines: list[str], removed: list[Removed], tail: list[str]) -> list[str]:
    """Without the headings of other things and what stands under them, up to where the report goes on."""
    kept: list[str] = []
    told = number = 0
    while number < len(lines):
        follows = _section_at(lines, number, told)
        if follows == number:
            kept.append(lines[number])
            told += shape.words(lines[number]) if shape.is_story(lines[number]) else 0
            number += 1
            continue
        section = lines[number:follows]
        removed += [Removed("teaser", one) for one in section]
        if follows == len(lines):
            tail += section
        number = follows
    return kept


def _section_at(lines: Sequence[str], number: int, told: int) -> int:
    """Where the section ends whose heading is this line; ``number`` itself where it heads none. ``told``: the report's words before it."""
    is_strong = _is_strong(lines[number], lines, number)
    if not is_strong and not _is_weak(lines[number]):
        return number
    follows = _end_of_section(lines, number)
    section = lines[number + 1 : min(follows, number + _LONGEST_SECTION)]
    if not is_strong and not _has_teasers(section):
        return number
    return follows if _leaves_the_report(section, told, ends=follows == len(lines)) else number


def _leaves_the_report(section: Sequence[str], told: int, *, ends: bool) -> bool:
    """Whether the report would still be there without the section: no list of short chapters is taken for teasers."""
    if ends and not told:
        return False
    marks = sum(shape.is_date_line(line) or shape.is_cut_off(line) for line in section)
    stories = sum(shape.words(line) for line in section if shape.is_story(line))
    return marks >= 2 or stories <= max(60, told // 2)


def is_heading(line: str) -> bool:
    """Whether a line could head a section of other things."""
    return len(line) <= 90 and bool(_STRONG.match(line) or _WEAK.match(line))


def _is_strong(line: str, lines: Sequence[str], number: int) -> bool:
    if len(line) > 90 or shape.words(line) > 9 or not _STRONG.match(line):
        return False
    # "Most recent reports blame the weather." is no heading; a heading is not the last story line before nothing either.
    return not line.rstrip().endswith((".", ",", "。")) or number + 1 == len(lines)


def _is_weak(line: str) -> bool:
    return len(line) <= 60 and bool(_WEAK.match(line))


def _end_of_section(lines: Sequence[str], start: int) -> int:
    """Where the report goes on after a heading; the end where it does not.

    At two of its paragraphs running, neither a teaser's text. At a single one, where only headlines stand between and somebody is quoted
    in it, or where the heading is one of those that stand over a link or two within a report ("Read more").
    """
    is_pointer = bool(_POINTER_HEADING.match(lines[start]))
    only_headlines = True
    for number in range(start + 1, min(len(lines), start + _LONGEST_SECTION)):
        line = lines[number]
        goes_on = _goes_on(line) and not _has_date_before(lines, number, start)
        if goes_on and number + 1 < len(lines) and _goes_on(lines[number + 1]):
            return number
        if goes_on and only_headlines and (_REPORTS.search(line) or (is_pointer and number - start <= 5)):
            return number
        only_headlines = only_headlines and shape.is_headline(line) and not shape.is_date_line(line)
    return len(lines)


def _goes_on(line: str) -> bool:
    return shape.is_story(line) and shape.words(line) >= 12


def _has_date_before(lines: Sequence[str], number: int, start: int) -> bool:
    return any(shape.is_date_line(line) for line in lines[max(start, number - 2) : number])


def _has_teasers(section: Sequence[str]) -> bool:
    """Whether what stands under a heading looks like teasers: dates, cut-off texts, labels, or headlines in a row."""
    if not section:
        return True
    marks = sum(
        shape.is_date_line(line) or shape.is_cut_off(line) or (shape.is_headline(line) and bool(_LABELLED.match(line)))
        for line in section
    )
    headlines = sum(shape.is_headline(line) and not shape.ends_sentence(line) for line in section)
    stories = sum(shape.is_story(line) for line in section)
    return marks > 0 or (headlines >= 2 and headlines > stories)


def _without_trailing_headlines(lines: list[str], removed: list[Removed], tail: list[str]) -> list[str]:
    """Without the run of headlines and dates behind the last paragraph, under whatever heading: a list that the text announces stays."""
    end = len(lines)
    while end > max(0, len(lines) - _LONGEST_SECTION) and _is_teaser_like(lines[end - 1]):
        end -= 1
    run = lines[end:]
    while run and not _opens_teasers(run[:_LONGEST_SECTION]):
        run = run[1:]
    start = len(lines) - len(run)
    if (
        any(map(_RECORD.search, run))
        or len(run) < 3
        or start == 0
        or not any(map(shape.is_story, lines[:start]))
        or lines[start - 1].rstrip().endswith((":", "："))
    ):
        return lines
    removed += [Removed("teaser", one) for one in run]
    tail += run
    return lines[:start]


def _is_teaser_like(line: str) -> bool:
    is_headline = shape.is_headline(line) and (not shape.ends_sentence(line) or (line.endswith("?") and shape.words(line) <= 15))
    return shape.is_date_line(line) or is_headline or (shape.is_cut_off(line) and shape.words(line) <= 45)


def _opens_teasers(run: Sequence[str]) -> bool:
    """Whether a run of headlines begins with a heading, or is full of dates."""
    heading = run[0]
    is_heading = shape.words(heading) <= 5 and heading[:1].isupper() and not _NUMBERED.match(heading) and heading[:1] not in "-•*–"
    longer = sum(shape.words(line) >= 4 for line in run[1:])
    dates = sum(map(shape.is_date_line, run))
    return (is_heading and longer >= 2) or dates >= 2
