# ruff: noqa: E501 (tables of phrases)
"""The words by which publishers mark what is not the report: in English, Spanish, German, French, Russian, Arabic.

Labels of pointers to other reports in more languages: most are a verb of reading or watching and a word for "also".

General phrases of the trade, never a publisher's name. Each list is compiled once; matching ignores case.
"""

from __future__ import annotations

import re

_FLAGS = re.IGNORECASE

# "Read also", "See more": the verbs of a language, and the words that make pointers of them.
_VERBS = (
    (r"read|see|watch|listen|hear|view|check out", r"also|more|next|too"),
    (r"l[ée]e[rn]?|lea[n]?|ver|vea[n]?|mir[ae][n]?|escuch[ae][n]?|descubr[ae][n]?", r"tambi[ée]n|m[áa]s|adem[áa]s"),
    (
        r"(?:lesen|sehen|h[öo]ren|schauen) sie|lies|sieh|schau",
        r"(?:hier )?(?:auch|mehr|dazu|hierzu|weiter)(?: (?:dazu|auch|hier))?",
    ),
    (
        r"(?:[àa] )?(?:lire|voir|[ée]couter|regarder|d[ée]couvrir)|lisez|voyez|[ée]coutez|regardez|d[ée]couvrez",
        r"aussi|[ée]galement|encore|plus",
    ),
    (r"чита(?:йте|й|ть)|смотр(?:ите|и|еть)|слуша(?:йте|й|ть)", r"также|ещ[её]|далее"),
    (r"чита(?:йте|й|ти)|див(?:іться|ись|итися)|слуха(?:йте|й|ти)", r"також|ще|далі|більше"),
    (r"lees|bekijk|kijk|luister|beluister|zie", r"ook|meer|verder|hier(?: ook)?"),
    (r"leggi|leggete|leggere|guarda|guardate|vedi|ascolta|scopri", r"anche|di pi[ùu]|pure|ancora"),
    (r"lei[ao]m?|veja|ver|assista|ou[çc]a|confira|saiba", r"tamb[ée]m|mais|ainda"),
    (
        r"(?:prze)?czytaj(?:cie)?|zobacz(?:cie)?|obejrzyj|pos[łl]uchaj|sprawd[źz]",
        r"tak[żz]e|te[żz]|r[óo]wnie[żz]|wi[ęe]cej|dalej",
    ),
    (r"l[äa]s|se|lyssna|titta|les|l[æa]s|h[øo]r|lytt", r"ocks[åa]|[äa]ven|mera?|ogs[åa]|mere"),
    (r"lue|katso|kuuntele", r"my[öo]s|lis[äa][äa]"),
    (r"[čc]t[ěe]te|p[řr]e[čc]t[ěe]te si|pod[íi]vejte se|sledujte", r"tak[ée]|t[ée][žz]|i|v[íi]ce"),
)
# Labels over or before a pointer to another report.
_RELATED = (
    r"also read|(?:also )?read (?:more|also|next|on|this)(?: (?:on|about) (?:this|the) (?:story|topic|subject))?",
    r"(?:see|you (?:may|might)) also(?: (?:like|be interested in))?",
    r"related(?: (?:stor(?:y|ies)|articles?|content|coverage|news|links?|reading|posts?))?",
    r"more(?: (?:on this(?: story)?|from|on this topic|coverage|to read|like this))?",
    r"more (?:\S{1,20} ){0,3}(?:stories|articles|coverage)",
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
    r"(?:leggi|vedi) (?:anche|di pi[ùu])(?: su)?|(?:leia|veja) (?:tamb[ée]m|mais)|lees (?:ook|verder|meer)",
    r"(?:czytaj|zobacz) (?:te[żz]|tak[żz]e|r[óo]wnie[żz]|wi[ęe]cej)|l[äa]s (?:ocks[åa]|mer|[äa]ven)|les (?:ogs[åa]|mer)",
    r"(?:читайте|смотрите) (?:также|ещ[её])",
    r"(?:по теме|материалы по теме|ещ[её] по теме|подробнее|читать (?:далее|также|ещ[её]))",
    r"(?:похожие|другие) (?:новости|статьи|материалы)",
    r"не пропустите",
    r"(?:اقرأ|إقرأ|اقرئي|اقرأوا|شاهد|طالع) (?:أيض(?:ا|ًا|اً)|المزيد|أكثر)",
    r"(?:مواضيع|أخبار|مقالات|موضوعات) ذات صلة",
    r"قد يهمك(?: أيض(?:ا|ًا|اً))?",
    r"ذات صلة",
    r"read more (?:on|about) (?:this|it|that)|more (?:on|about) (?:this|that)",
    r"auch interessant|lesetipps?|mehr zu diesem thema",
    r"(?:ook interessant|meer (?:over dit onderwerp|lezen|weten)|gerelateerde?(?: (?:artikelen|berichten|nieuws))?)",
    r"(?:per approfondire|approfondiment[io]|(?:articoli|notizie) correlat[ie]|(?:ti )?potrebbe(?: anche)? interessar(?:ti|e)(?: anche)?)",
    r"(?:not[íi]cias|artigos|mat[ée]rias) relacionad[oa]s|pode(?: tamb[ée]m)? interessar|n[ãa]o perca",
    r"(?:mo[żz]e ci[ęe] zainteresowa[ćc]|powi[ąa]zane(?: artyku[łl]y)?|polecamy)",
    r"(?:relaterat|relaterte? (?:saker|artikler)|relaterade artiklar)",
    r"(?:ilgili haber(?:ler)?|bunlar da ilginizi [çc]ekebilir|ayr[ıi]ca (?:okuyun|bak[ıi]n))",
    r"(?:関連記事|あわせて読みたい|相关(?:阅读|新闻|文章)|相關(?:閱讀|新聞|文章)|延伸(?:阅读|閱讀)|관련 ?기사)",
    *(rf"(?:{verbs}) (?:{words})" for verbs, words in _VERBS),
)
RELATED_LABEL = rf"(?:{'|'.join(_RELATED)})"
# What may stand around a label: punctuation, arrows, pointing hands and other signs.
_EDGE = r"[\s:：.\-–—>»›•|*\[\]()#…+\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\ufe0f\U0001f300-\U0001faff]*"
RELATED_ALONE = re.compile(rf"^{_EDGE}({RELATED_LABEL}){_EDGE}$", _FLAGS)
RELATED_START = re.compile(rf"^{_EDGE}({RELATED_LABEL})\s*(?:[:：|–—>»›→▶►\-]+|(?=\n))\s*", _FLAGS)
# A bare invitation: a label only with a colon, and only where links and nothing else follow.
RELATED_VERB = re.compile(
    rf"^{_EDGE}(read|watch|listen|see|more|meer|mehr|m[áa]s|plus|altro|mais|lees|bekijk|luister|leggi|guarda|ascolta|leia|veja|assista|czytaj|zobacz|l[äa]s|lue|lee[rn]?|lea|vea|ver|mira|escucha|lesen(?: sie)?(?: dazu| hier)?|siehe|h[öo]ren|lire|voir|[ée]couter"
    r"|regarder|читайте|читать|смотрите|смотреть|слушать|اقرأ|إقرأ|شاهد|استمع)\s*[:：]\s*",
    _FLAGS,
)

# "Continue reading": the link leads to the report itself.
CONTINUE = re.compile(
    rf"^{_EDGE}(?:(?:\[?(?:…|\.\.\.)\]?\s*)?(?:continue reading(?:[\s:]+.{{1,200}}?)?|read (?:the )?(?:full|whole|rest of (?:the|this)|entire|more of this) ?(?:article|story|post|entry|report)?"
    r"|(?:click here )?to read (?:more|the full .{1,40})|keep reading|view (?:the )?(?:full|original) (?:article|post|story)"
    r"|(?:seguir leyendo|sigue leyendo|contin[úu]a(?:r)? leyendo)(?:[\s:]+.{1,200}?)?|leer (?:el art[íi]culo|la noticia|la nota) complet[oa]|leer m[áa]s"
    r"|(?:den )?(?:ganzen|vollst[äa]ndigen) (?:artikel|beitrag) lesen|weiterlesen|zum (?:ganzen |vollst[äa]ndigen )?(?:artikel|beitrag)"
    r"|lire la suite|lire l['’]article(?: complet| en entier)?|continuer la lecture(?:[\s:]+.{1,200}?)?"
    r"|читать (?:далее|дальше|полностью)|продолжить чтение|подробнее"
    r"|(?:أكمل|تابع|متابعة|إكمال) (?:القراءة|قراءة)(?: .{1,30})?|اقرأ (?:المزيد|المقال كامل(?:ا|اً|ًا)))"
    r"(?:\s+(?:on|at|of|auf|sur|en|de|на|في|bei)\s+.{1,120})?|read more|(?:submitted by\s+\S{1,60}\s*(?:to\s+\S{1,60}\s*)?)?\[link\](?:\s*\[comments\])?|\[comments\]|permalink)"
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
    r"(?:please )?(?:support|donate to|consider (?:supporting|donating))\b.{0,60}\b(?:journalism|newsroom|reporting|independent (?:media|press|news)|our work)\b",
    r"(?:please )?(?:support us|donate)(?: today| now| here)?\s*[.!:]?$",
    r"(?:tweet this|click here to (?:subscribe|join|donate))",
    r"join (?:us on|our)\b.{0,40}\b(?:channel|group|community|newsletter|telegram|whatsapp|discord)\b",
    r"(?:suscr[íi]b(?:ete|ase|irse)|reg[íi]strate|ap[úu]ntate)\b.{0,80}",
    r"s[íi]gu?e?(?:nos|anos|nos) en\b",
    r"s[íi]guenos\b.{0,80}",
    r"(?:descarga|descargue)\b.{0,40}\b(?:app|aplicaci[óo]n)",
    r"(?:[úu]nete|s[úu]mate) a (?:nuestr[oa]|la)\b.{0,80}",
    r"(?:ap[óo]y[ae](?:nos)?|apoya)\b.{0,60}\b(?:periodismo|redacci[óo]n|medio)\b.{0,60}|(?:haz|haga) (?:una donaci[óo]n|un donativo)\b.{0,60}",
    r"(?:abonnieren|bestellen) sie\b.{0,80}",
    r"(?:melden sie sich|jetzt)\b.{0,60}\b(?:newsletter|abonnieren)\b.{0,40}",
    r"folgen sie uns\b.{0,80}",
    r"(?:laden sie|hier geht es zu)\b.{0,40}\bapp\b.{0,30}",
    r"unterst[üu]tzen sie\b.{0,80}",
    r"(?:abonnez[- ]vous|inscrivez[- ]vous)\b.{0,100}",
    r"suivez[- ]nous\b.{0,80}",
    r"t[ée]l[ée]charge[rz]\b.{0,40}\bappli(?:cation)?\b.{0,40}",
    r"soutenez\b.{0,60}",
    r"(?:подпи(?:шитесь|сывайтесь)|присоединяйтесь)\b.{0,100}",
    r"следите за (?:нами|новостями)\b.{0,80}",
    r"(?:скачайте|установите)\b.{0,40}приложени\w+.{0,30}",
    r"поддержите\b.{0,80}",
    r"(?:اشترك|إشترك|سجل|انضم)\b.{0,80}(?:النشرة|نشرتنا|قناتنا|القناة|البريدية|مجانا).{0,40}",
    r"(?:تابعونا|تابعنا|لمتابعتنا)\b.{0,80}",
    r"(?:حمل|حمّل|نزل)\b.{0,30}(?:التطبيق|تطبيق).{0,30}",
    r"(?:ادعم|إدعم|ادعموا|تبرع)\b.{0,40}(?:صحافتنا|الصحافة|موقعنا|عملنا).{0,40}",
)
PROMO = re.compile(rf"^{_EDGE}(?:{'|'.join(_PROMO)})", _FLAGS)
# Lines that are nothing but one of these.
_WHOLE = (
    r"advertisement|advertising|ad|sponsored(?: content)?|publicidad|contenido patrocinado|anzeige|werbung|publicit[ée]|annonce|реклама|на правах рекламы|إعلان|اعلان",
    r"skip (?:past |over )?(?:the )?(?:newsletter(?: promotion| sign-?up)?|promotion|advertisement|ad)|end of (?:newsletter|podcast) promotion",
    r"(?:image|photo|picture|slide|imagen|foto|bild|фото|صورة)\s*\d{1,3}\s*(?:of|/|de|von|sur|из|من)\s*\d{1,3}",
    r"(?:(?:the )?(?:story|article) continues (?:below|after)(?: (?:the |this )?(?:advertisement|ad|newsletter promotion))?|scroll (?:down )?to continue(?: reading)?)",
    r"(?:el art[íi]culo|la noticia|la nota)? ?(?:contin[úu]a|sigue) (?:despu[ée]s|debajo) de la publicidad",
    r"(?:(?:der )?(?:artikel|beitrag|text) (?:wird|geht) )?(?:unterhalb|nach|unter|hinter)? ?(?:der|dieser) (?:anzeige|werbung) (?:fortgesetzt|weiter)",
    r"(?:la suite|l['’]article (?:continue|se poursuit)|la suite de l['’]article) (?:apr[èe]s|sous|en dessous de) (?:la|cette) publicit[ée]",
    r"продолжение (?:после|ниже|под)(?: рекламы| рекламой)?|статья продолжается (?:после|ниже)(?: рекламы)?",
    r"(?:القصة|المقال|الخبر)? ?(?:تستمر|يستمر|يتبع|تتبع) بعد (?:الإعلان|الاعلان)",
    r"(?:share|tweet|print|e-?mail)(?: (?:this|the))?(?: (?:article|story|post|page))?(?: (?:on|via|with|to) .{1,30})?",
    r"(?:compartir|comparte)(?: (?:esta|este|la|el) (?:noticia|art[íi]culo|nota|entrada))?(?: en .{1,30})?",
    r"(?:(?:diesen )?(?:artikel|beitrag) )?(?:teilen|drucken)(?: auf .{1,30})?",
    r"partager(?: (?:cet?|l['’]|la?) ?(?:article|page|billet))?(?: sur .{1,30})?|imprimer",
    r"поделиться(?: (?:новостью|статьёй|статьей|ссылкой))?(?: в .{1,30})?|распечатать",
    r"(?:شارك|مشاركة)(?: (?:هذا|هذه))? ?(?:المقال|الخبر|المقالة)?(?: (?:على|عبر) .{1,30})?",
    r"(?:\d{1,5} )?comments?(?: \(\d{1,5}\))?|(?:leave|post|add) a (?:comment|reply)|comments? (?:are )?closed|join the (?:conversation|discussion)",
    r"(?:\d{1,5} )?comentarios?(?: \(\d{1,5}\))?|(?:deja|dejar|escribe) un comentario",
    r"(?:\d{1,5} )?kommentare?(?: \(\d{1,5}\))?|(?:kommentar|kommentare) (?:schreiben|verfassen|hinterlassen)",
    r"(?:\d{1,5} )?commentaires?(?: \(\d{1,5}\))?|(?:laisser|[ée]crire|ajouter) un commentaire",
    r"(?:\d{1,5} )?комментари(?:и|ев|й|я)(?: \(\d{1,5}\))?|(?:оставить|добавить) комментарий",
    r"(?:اترك|أضف) (?:تعليق(?:ا|اً|ًا)?|ردا)|التعليقات(?: \(\d{1,5}\))?",
)
PROMO_WHOLE = re.compile(rf"^{_EDGE}(?:{'|'.join(_WHOLE)}){_EDGE}$", _FLAGS)
# Headings over a box that asks for something; they go with the line under them.
PROMO_HEADING = re.compile(
    rf"^{_EDGE}(?:never miss (?:a|another) (?:story|thing|beat)|stay (?:informed|up to date|connected|in the know)|don['’]t miss (?:out|a (?:thing|story))|.{{0,30}}\bnewsletters?\b.{{0,30}}"
    r"|no te pierdas (?:nada|ninguna noticia)|mantente informad[oa]|nichts mehr verpassen|(?:bleiben sie|bleib) (?:informiert|auf dem laufenden)"
    r"|ne manquez (?:rien|plus rien)|restez inform[ée]s?|не пропустите|будьте в курсе|оставайтесь в курсе|ابق على اطلاع|لا تفوت.{0,20})"
    + rf"{_EDGE}$",
    _FLAGS,
)
# A line that claims rights in all that is published there.
COPYRIGHT = re.compile(
    r"^\s*(?:(?:©|\(c\)|copyright|&copy;)\s.{0,120}\W)?(?:all rights reserved|todos los derechos reservados|alle rechte vorbehalten|tous droits r[ée]serv[ée]s"
    r"|все права защищены|جميع الحقوق محفوظة)[\s.!]*$",
    _FLAGS,
)
# A sentence about what may not be done with the text, at its end.
RIGHTS = re.compile(
    r"\b(?:is subject to copyright\b|(?:no part .{0,60}\bmay|(?:this|the) (?:material|article|content|document|story) (?:may|can|must) not) be (?:published|reproduced|republished|copied|broadcast|redistributed)\b"
    r"|(?:prohibida|queda prohibida) (?:su|la) reproducci[óo]n|(?:vervielf[äa]ltigung|nachdruck)\b.{0,60}\b(?:untersagt|verboten)|(?:reproduction|toute reproduction)\b.{0,40}\binterdite"
    r"|(?:при )?(?:полном или частичном )?(?:перепечатк|копировани|использовани)\w+ (?:материал|текст)\w*\b.{0,80}\b(?:запрещен|ссылка)|(?:يمنع|يُمنع|لا يجوز) إعادة (?:نشر|نقل) (?:هذا|هذه|المحتوى|المادة))",
    _FLAGS,
)
# How to reach the writer, as it stands under a text: an address or a name on a service.
CONTACT = re.compile(
    r"^\s*(?:have (?:a|any) (?:news )?tips?\b.{0,60}|(?:you can )?(?:e-?mail|contact|reach|follow|write to|message)\b.{1,80}?(?:\S@\S|@\w|\bon (?:twitter|facebook|instagram|x|bluesky|mastodon|linkedin|threads)\b).{0,120}"
    r"|.{2,50} (?:can|may) be reached\b.{0,60}(?:\S@\S|@\w).{0,80})$",
    _FLAGS,
)
# Who that is, when not named.
WRITER = re.compile(r"\b(?:him|her|them|me|us|the (?:author|writer|reporter)s?)\b", _FLAGS)
# "Tags: a, b, c", as blog engines write it under a text.
TAGS = re.compile(
    r"^\s*(?:tags?|tagged(?: as| with)?|filed under|categor(?:y|ies)|topics?|labels?|etiquetas?|temas|categor[íi]as?|schlagw(?:[öo]rter|orte)|themen|kategorien?"
    r"|mots[- ]cl[ée]s|[ée]tiquettes|cat[ée]gories?|метки|теги|рубрики?|الوسوم|كلمات مفتاحية|التصنيفات)\s*[:：]\s*(?P<names>\S.{0,300})$",
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
