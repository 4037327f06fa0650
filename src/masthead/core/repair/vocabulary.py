# ruff: noqa: E501 (tables of phrases)
"""The words by which publishers mark what is not the report: in English, Spanish, German, French, Russian, Arabic.

General phrases of the trade, never a publisher's name. Each list is compiled once; matching ignores case.
"""

from __future__ import annotations

import re

_FLAGS = re.IGNORECASE

# Labels over or before a pointer to another report.
_RELATED = (
    r"(?:also )?read (?:more|also|next|on|this)(?: (?:on|about) (?:this|the) (?:story|topic|subject))?",
    r"(?:see|you (?:may|might)) also(?: (?:like|be interested in))?",
    r"related(?: (?:stor(?:y|ies)|articles?|content|coverage|news|links?|reading|posts?))?",
    r"more (?:on this(?: story)?|from|on this topic|stories|coverage|to read|like this)",
    r"also on (?:this|our) (?:site|page)",
    r"don['’]t miss",
    r"recommended(?: (?:reading|for you|stories))?",
    r"further reading",
    r"in case you missed it",
    r"(?:l[ée]e|lea|leer|ver|vea|le[ae]) (?:tambi[ée]n|m[áa]s|adem[áa]s)",
    r"m[áa]s informaci[óo]n",
    r"te puede interesar",
    r"(?:noticias?|art[íi]culos?|notas?|contenidos?) relacionad[oa]s?",
    r"no te pierdas",
    r"en contexto",
    r"tambi[ée]n (?:lee|puede leer)",
    r"(?:lesen|sehen) sie (?:auch|mehr|dazu|hierzu)(?: dazu| auch)?",
    r"mehr (?:zum thema|dazu|lesen|zu diesem thema)",
    r"lies auch",
    r"(?:das )?k[öo]nnte sie auch interessieren",
    r"weiterlesen",
    r"zum thema",
    r"verwandte (?:artikel|themen|beitr[äa]ge)",
    r"siehe auch",
    r"(?:[àa] )?lire (?:aussi|[ée]galement|la suite|plus)",
    r"voir aussi",
    r"(?:sur le m[êe]me sujet|pour aller plus loin)",
    r"[àa] (?:d[ée]couvrir|voir) (?:aussi|[ée]galement)",
    r"articles? (?:li[ée]s?|associ[ée]s?)",
    r"en savoir plus",
    r"notre dossier",
    r"(?:читайте|смотрите) (?:также|ещ[её])",
    r"(?:по теме|материалы по теме|ещ[её] по теме|подробнее|читать (?:далее|также|ещ[её]))",
    r"(?:похожие|другие) (?:новости|статьи|материалы)",
    r"не пропустите",
    r"(?:اقرأ|إقرأ|اقرئي|اقرأوا|شاهد|طالع) (?:أيض(?:ا|ًا|اً)|المزيد|أكثر)",
    r"(?:مواضيع|أخبار|مقالات|موضوعات) ذات صلة",
    r"قد يهمك(?: أيض(?:ا|ًا|اً))?",
    r"ذات صلة",
)
RELATED_LABEL = rf"(?:{'|'.join(_RELATED)})"
_EDGE = r"[\s:：.\-–—>»›→▶►•|*\[\]()#…+]*"
RELATED_ALONE = re.compile(rf"^{_EDGE}({RELATED_LABEL}){_EDGE}$", _FLAGS)
RELATED_START = re.compile(rf"^{_EDGE}({RELATED_LABEL})\s*(?:[:：|–—>»›→▶►\-]+|(?=\n))\s*", _FLAGS)

# "Continue reading": the link leads to the report itself.
CONTINUE = re.compile(
    rf"^{_EDGE}(?:(?:\[?(?:…|\.\.\.)\]?\s*)?(?:continue reading|read (?:the )?(?:full|whole|rest of (?:the|this)|entire|more of this) ?(?:article|story|post|entry|report)?"
    r"|(?:click here )?to read (?:more|the full .{1,40})|keep reading|view (?:the )?(?:full|original) (?:article|post|story)"
    r"|seguir leyendo|sigue leyendo|contin[úu]a(?:r)? leyendo|leer (?:el art[íi]culo|la noticia|la nota) complet[oa]|leer m[áa]s"
    r"|(?:den )?(?:ganzen|vollst[äa]ndigen) (?:artikel|beitrag) lesen|weiterlesen|zum (?:ganzen |vollst[äa]ndigen )?(?:artikel|beitrag)"
    r"|lire la suite|lire l['’]article(?: complet| en entier)?|continuer la lecture"
    r"|читать (?:далее|дальше|полностью)|продолжить чтение|подробнее"
    r"|(?:أكمل|تابع|متابعة|إكمال) (?:القراءة|قراءة)(?: .{1,30})?|اقرأ (?:المزيد|المقال كامل(?:ا|اً|ًا)))"
    r"(?:\s+(?:on|at|of|auf|sur|en|de|на|في|bei)\s+.{1,120})?|read more|\[link\]|\[comments\]|permalink)"
    + rf"{_EDGE}$",
    _FLAGS,
)
# "The post X appeared first on Y": groups `title` and `site`.
FIRST_ON = re.compile(
    r"^(?:the (?:post|article|story) (?P<t1>.{0,300}?) (?:(?:first )?appeared first|was (?:first|originally) (?:published|posted)|first appeared|originally appeared) (?:on|at|in) (?P<s1>.{1,150}?)"
    r"|(?:this (?:post|article|story|piece) (?:was )?(?:originally|first) (?:appeared|published|posted) (?:on|at|in|by)|(?:originally|first) published (?:on|at|in|by)) (?P<s2>.{1,150}?)"
    r"|(?:la entrada|el art[íi]culo|el post) (?P<t3>.{0,300}?) (?:(?:aparece|apareci[óo]) primero en|se public[óo] primero en|fue publicad[oa] (?:primero|originalmente) en) (?P<s3>.{1,150}?)"
    r"|der (?:beitrag|artikel|post) (?P<t4>.{0,300}?) (?:erschien|ist) zuerst (?:auf|bei|in) (?P<s4>.{1,150}?)(?: erschienen)?"
    r"|(?:l['’]article|le (?:post|billet)|cet article) (?P<t5>.{0,300}?) ?(?:est apparu en premier sur|a (?:d['’]abord )?[ée]t[ée] publi[ée] (?:en premier |d['’]abord )?sur) (?P<s5>.{1,150}?)"
    r"|(?:запись|сообщение|статья) (?P<t6>.{0,300}?) (?:впервые появилась|впервые опубликован[ао]|появились сначала|появилась сначала)(?: (?:на сайте|на|в))? (?P<s6>.{1,150}?)"
    r"|ظهر(?:ت)? (?:المقالة?|التدوينة|المقال|الخبر) (?P<t7>.{0,300}?) (?:أول(?:ا|اً|ًا)|لأول مرة) (?:على|في) (?P<s7>.{1,150}?))[.。\s]*$",
    _FLAGS | re.DOTALL,
)
# Lines that sell or ask for something.
_PROMO = (
    r"(?:sign up|subscribe|register)\b.{0,60}\b(?:newsletter|briefing|e-?mails?|updates|channel|alerts|podcast)",
    r"(?:get|receive)\b.{0,60}\b(?:newsletter|in your inbox|delivered to your inbox|breaking news alerts)",
    r"(?:follow|find|join|like) us on\b",
    r"follow .{1,40} on (?:twitter|facebook|instagram|x|telegram|whatsapp|google news|bluesky|mastodon)\b",
    r"(?:download|get|install)\b.{0,30}\bapp\b",
    r"(?:please )?(?:support|donate to|consider (?:supporting|donating))\b.{0,60}\b(?:journalism|newsroom|work|reporting|us|independent)",
    r"(?:share (?:this|on)|tweet this|click here to (?:subscribe|join|donate))",
    r"advertisement|sponsored(?: content)?|story continues below(?: advertisement)?|scroll (?:down )?to continue",
    r"(?:leave a comment|comments? (?:are )?closed|join the (?:conversation|discussion))",
    r"(?:suscr[íi]b(?:ete|ase|irse)|reg[íi]strate|ap[úu]ntate)\b.{0,80}",
    r"s[íi]gu?e?(?:nos|anos|nos) en\b",
    r"s[íi]guenos\b.{0,80}",
    r"(?:descarga|descargue)\b.{0,40}\b(?:app|aplicaci[óo]n)",
    r"publicidad|contenido patrocinado",
    r"(?:abonnieren|bestellen) sie\b.{0,80}",
    r"(?:melden sie sich|jetzt)\b.{0,60}\b(?:newsletter|abonnieren)\b.{0,40}",
    r"folgen sie uns\b.{0,80}",
    r"(?:laden sie|hier geht es zu)\b.{0,40}\bapp\b.{0,30}",
    r"anzeige|werbung",
    r"unterst[üu]tzen sie\b.{0,80}",
    r"(?:abonnez[- ]vous|inscrivez[- ]vous)\b.{0,100}",
    r"suivez[- ]nous\b.{0,80}",
    r"t[ée]l[ée]charge[rz]\b.{0,40}\bappli(?:cation)?\b.{0,40}",
    r"publicit[ée]|annonce",
    r"soutenez\b.{0,60}",
    r"(?:подпи(?:шитесь|сывайтесь)|присоединяйтесь)\b.{0,100}",
    r"следите за (?:нами|новостями)\b.{0,80}",
    r"(?:скачайте|установите)\b.{0,40}приложени\w+.{0,30}",
    r"реклама|на правах рекламы",
    r"поддержите\b.{0,80}",
    r"(?:اشترك|إشترك|سجل|انضم)\b.{0,80}(?:النشرة|نشرتنا|قناتنا|القناة|البريدية|مجانا).{0,40}",
    r"(?:تابعونا|تابعنا|لمتابعتنا)\b.{0,80}",
    r"(?:حمل|حمّل|نزل)\b.{0,30}(?:التطبيق|تطبيق).{0,30}",
    r"إعلان|اعلان",
)
PROMO = re.compile(rf"^{_EDGE}(?:{'|'.join(_PROMO)})", _FLAGS)
PROMO_WHOLE = re.compile(
    rf"^{_EDGE}(?:advertisement|sponsored(?: content)?|publicidad|anzeige|werbung|publicit[ée]|annonce|реклама|на правах рекламы|إعلان|اعلان|story continues below(?: advertisement)?|scroll (?:down )?to continue){_EDGE}$",
    _FLAGS,
)

# "from SOURCE", as applets write it under a post.
FROM = re.compile(
    r"^(?:from|via|source|fuente|desde|quelle|von|aus|depuis|de|par|из|от|источник|من|المصدر)\s*[:：]?\s+(?P<name>\S.{0,120})$",
    _FLAGS,
)
# Headings of the page around an article, in pasted pages.
CHROME = re.compile(
    rf"^{_EDGE}(?:most (?:popular|read|viewed|shared)(?: (?:articles|stories|posts|news))?|popular (?:posts|articles|now)|trending(?: now)?|latest (?:news|posts|articles)|recent (?:posts|articles|comments)"
    r"|lo m[áa]s (?:le[íi]do|visto|popular)|[úu]ltimas noticias|entradas recientes|am meisten gelesen|meistgelesen(?:e artikel)?|beliebte (?:artikel|beitr[äa]ge)|neueste (?:artikel|beitr[äa]ge)"
    r"|les plus lus|articles (?:les plus lus|r[ée]cents|populaires)|derni[èe]res nouvelles|самое (?:читаемое|популярное)|популярн(?:ое|ые статьи)|последние новости"
    r"|الأكثر (?:قراءة|مشاهدة|شعبية)|آخر الأخبار|أحدث المقالات|categories|tags|archives?|search|menu|navigation|home|share|print|leave a (?:reply|comment))"
    + rf"{_EDGE}$",
    _FLAGS,
)
# A word or phrase before a name: "By Jane Doe".
BY = r"(?:by|written by|reported by|por|escrito por|von|par|автор[ы]?\s*:?|بقلم|كتب(?:ت|ه)?|المؤلف)"
