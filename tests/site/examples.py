"""Invented pages as `pages.types` records: enough of everything to see and test the templates without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from masthead.audience.agents import REASONS
from masthead.core.rank import Reason
from masthead.core.types import ArticleDate, Evidence, ImageRef, Provenance, RelatedCard, Repair
from masthead.pages import story_types, types
from masthead.pages.why import Standing, StandingIn

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)

SOURCES = {
    "en": [
        ("The Harbour Herald", "Family-owned"),
        ("Northgate Wire", "Co-operative"),
        ("Radio Ostmark", "State broadcaster"),
    ],
    "ar": [("صحيفة المرفأ", "مؤسسة حكومية"), ("وكالة الساحل", ""), ("إذاعة الجبل", "تعاونية")],
    "ru": [("Портовые ведомости", "Кооператив"), ("Северный вестник", "")],
}

SECTIONS = {
    "en": ["World", "Politics", "Business", "Science", "Culture", "Sport"],
    "ar": ["العالم", "السياسة", "الاقتصاد", "العلوم", "الثقافة", "الرياضة"],
    "ru": ["Мир", "Политика", "Экономика", "Наука", "Культура", "Спорт"],
}

HEADLINES = {
    "en": [
        "Coastal towns agree on a common flood barrier after eleven years of dispute",
        "Central bank holds its rate and warns of a hard winter for lenders",
        "Night trains return to the mountain line, and sell out within a day",
        "Two parties leave the coalition talks; the mayor stays in office",
        "Researchers read a scroll that burned two thousand years ago",
        "Harbour workers end their strike with a rise of six per cent",
        "Parliament opens the archive of the old secret police",
        "A lost film of 1921 is found in a village school",
        "Wheat prices fall for the fifth week",
        "Court stops the sale of the public waterworks",
        "Storm cuts power to forty thousand homes in the north",
        "New telescope sees the oldest galaxy so far",
        "Border post reopens after three winters",
        "Teachers and ministry settle on smaller classes",
        "City bans cars from its market square, for one summer",
        "The orchestra that rehearses in a tram depot",
        "Steelmaker to rebuild its furnace for hydrogen",
        "Rowers win the first medal for the lake district in a generation",
    ],
    "ar": [
        "مدن الساحل تتفق على حاجز مشترك ضد الفيضان بعد خلاف دام أحد عشر عاما",
        "البنك المركزي يبقي الفائدة ويحذر من شتاء صعب على المقترضين",
        "قطارات الليل تعود إلى خط الجبل وتنفد تذاكرها في يوم واحد",
        "حزبان ينسحبان من محادثات الائتلاف والعمدة يبقى في منصبه",
        "باحثون يقرؤون لفافة احترقت قبل ألفي عام",
        "عمال الميناء ينهون إضرابهم بزيادة قدرها ستة في المئة",
        "البرلمان يفتح أرشيف الشرطة السرية القديمة",
        "العثور على فيلم مفقود من عام 1921 في مدرسة قروية",
        "أسعار القمح تتراجع للأسبوع الخامس",
        "المحكمة توقف بيع مرفق المياه العام",
    ],
    "ru": [
        "Прибрежные города договорились об общей дамбе после одиннадцати лет спора",
        "Центральный банк сохранил ставку и предупредил о трудной зиме",
        "Ночные поезда вернулись на горную линию, билеты проданы за день",
        "Две партии вышли из переговоров о коалиции, мэр остаётся",
        "Учёные прочли свиток, сгоревший две тысячи лет назад",
    ],
}

STANDFIRSTS = {
    "en": [
        "The four councils will share the cost and the maintenance. Fishermen get a gate of their own, and the marsh "
        "behind the old lighthouse stays as it is.",
        "Borrowers had hoped for relief before the holidays. The governor said that the figures do not allow it yet.",
        "The railway had called the line hopeless. Then a choir booked a whole carriage.",
    ],
    "ar": [
        "تتقاسم المجالس الأربعة الكلفة والصيانة، ويحصل الصيادون على بوابة خاصة بهم، "
        "وتبقى المستنقعات خلف المنارة كما هي."
    ],
    "ru": [
        "Четыре совета разделят расходы. Рыбаки получат собственные ворота, "
        "а болото за старым маяком останется как есть."
    ],
}

PARAGRAPHS = {
    "en": [
        "The agreement was signed on Tuesday in the fish hall of Port Aster, where the last flood left its mark at the "
        "height of a man. “We have measured, argued and measured again,” said the chair of the harbour board. "
        "“<em>The sea did not wait for us</em>, and it will not wait now.”",
        "Work is to begin in spring. The barrier will be 3.4 kilometres long, and its gates will close when the water "
        'rises by more than <strong>1.8 metres</strong>, as the <a href="https://water.example/report">report of the '
        "water office</a> had proposed in 2015.",
        "Not everyone is content. Two villages on the northern shore fear that the barrier will push the water to "
        "them, and want a second opinion before the first stone is laid.",
        "The councils have promised to pay for it.",
    ],
    "ar": [
        "وُقع الاتفاق يوم الثلاثاء في قاعة السمك في ميناء أستر، حيث ترك الفيضان الأخير علامته بطول قامة رجل. "
        "وقالت رئيسة مجلس الميناء: «لقد قسنا وتجادلنا ثم قسنا من جديد».",
        "يبدأ العمل في الربيع. ويبلغ طول الحاجز 3.4 كيلومتر، وتغلق بواباته حين يرتفع الماء أكثر من 1.8 متر.",
    ],
    "ru": [
        "Соглашение подписали во вторник в рыбном зале Порт-Астера, где последнее наводнение оставило отметку в рост "
        "человека. «Мы мерили, спорили и мерили снова», — сказала глава портового совета.",
        "Работы начнутся весной. Длина дамбы составит 3,4 километра.",
    ],
}


def section(language: str, index: int) -> types.SectionView:
    slug = SECTIONS["en"][index % 6].lower()
    return types.SectionView(slug=slug, name=SECTIONS[language][index % 6], path=f"/section/{slug}/")


def source(language: str, index: int) -> types.SourceView:
    name, owner = SOURCES[language][index % len(SOURCES[language])]
    return types.SourceView(
        id=index % 3 + 1,
        name=name,
        slug=f"source-{index % 3}",
        path=f"/source/source-{index % 3}/",
        home_url="https://harbour.example/",
        description="News from the coast since 1911.",
        country="AT",
        language=language,
        ownership=owner,
        policy=("full", "excerpt", "link")[index % 3],
        licence="CC BY 4.0" if index % 3 == 0 else "",
        icon=types.IconView(f"/media/icons/{index % 3}-64.webp", f"/media/icons/{index % 3}-128.webp")
        if index % 3 != 2
        else None,
    )


def picture(index: int, *, drawn: bool = False) -> types.Picture:
    if drawn:
        path = f"/media/drawn/{index}.svg"
        file = types.PictureFile(path=path, width=1280, height=720, type="image/svg+xml")
        return types.Picture(src=path, width=1280, height=720, files=(file,), colour="#cbb9a2", drawn=True)
    files = tuple(
        types.PictureFile(
            path=f"/media/{index}-{width}.{kind}", width=width, height=width * 9 // 16, type=f"image/{kind}"
        )
        for kind in ("avif", "webp", "jpeg")
        for width in (320, 640, 1280)
    )
    return types.Picture(
        src=files[-1].path,
        width=1280,
        height=720,
        files=files,
        alt="The old lighthouse of Port Aster at low tide, seen from the pier",
        caption="The lighthouse of Port Aster at low tide on Monday.",
        credit="Mira Holt / Harbour Herald",
        colour="#7d8f9b",
    )


def card(index: int, language: str = "en", **changes: object) -> types.Card:
    titles, stands = HEADLINES[language], STANDFIRSTS[language]
    at = NOW - timedelta(minutes=7 + index * index * 11)
    made = types.Card(
        id=index + 1,
        path=f"/article/{index + 1}-report/",
        title=titles[index % len(titles)],
        standfirst=stands[index % len(stands)],
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        source=source(language, index),
        at=at,
        first_seen=at,
        published=None if index % 7 == 6 else at,
        precision="" if index % 7 == 6 else "minute",
        byline=("Mira Holt", "Jonas Adler"),
        picture=picture(index, drawn=index % 4 == 3),
        section=section(language, index),
        story=types.StoryView(id=9, title="The barrier", path="/story/9-barrier/", articles=4, sources=3)
        if index % 5 == 0
        else None,
        changed=at + timedelta(minutes=3) if index % 6 == 1 else None,
        why=(Reason("age-hours", 1, 0.98), Reason("sources", index + 2, 1.5), Reason("held")),
    )
    return replace(made, **changes)


def frame(language: str = "en") -> types.Frame:
    return types.Frame(
        edition=language,
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        site_name="The Test Courier",
        motto="All that the wires bring, mended and in order",
        now=NOW,
        sections=tuple(section(language if language in SECTIONS else "en", n) for n in range(6)),
        editions=(("en", "English"), ("ar", "العربية"), ("ru", "Русский")),
        weather=types.WeatherView(
            city="Rostov-on-Don",
            temperature=34.1,
            unit="°C",
            symbol="clear",
            observed=NOW - timedelta(minutes=20),
            stale=False,
            provider="Open-Meteo",
            provider_url="https://open-meteo.com/",
            credit="Open-Meteo (CC BY 4.0)",
        ),
    )


def front(language: str = "en") -> types.FrontPage:
    def cards(*numbers: int) -> tuple[types.Card, ...]:
        return tuple(card(n, language) for n in numbers)

    blocks = tuple(
        types.SectionBlock(section=section(language, n), cards=cards(*range(n + 1, n + (6 if n == 0 else 5))))
        for n in range(5)
    )
    return types.FrontPage(
        edition=language,
        lead=card(0, language),
        seconds=cards(1, 2, 3, 4, 5, 6, 7),
        briefs=cards(*range(8, 18)),
        sections=blocks,
        latest=cards(*range(12)),
        popular=types.Popular(cards=cards(*range(2, 12))),
        changed_at=NOW,
    )


def first_report() -> types.FrontPage:
    """The front page of a site that has one report, of eight days ago."""
    only = card(0)
    popular = types.Popular(cards=(only,), fallback=True)
    return types.FrontPage(edition="en", lead=only, latest=(only,), popular=popular, changed_at=NOW, silent=8)


def standing(language: str = "en") -> tuple[StandingIn, ...]:
    """The places of a front page with what brought each report there."""

    def reports(*numbers: int) -> tuple[Standing, ...]:
        origins = [("category", "Weather"), ("text", "flood, river, barrier"), ("default", "")]
        return tuple(Standing(card(n, language), n + 1, *origins[n % 3]) for n in numbers)

    named = StandingIn("section:world", section(language, 0).name, reports(5, 6))
    return (StandingIn("lead", "", reports(0)), StandingIn("second", "", reports(1, 2)), named)


def counting() -> types.CountingPage:
    """How readers are counted, on a day of some readers."""
    lines = tuple(types.ReasonCount(name, 7 * n, 1234 * n) for n, name in enumerate(reversed(REASONS)))
    return types.CountingPage(1204, 61_320, 17, 230, lines[::-1], NOW)


def popular(window: str = "day", hours: int = 24) -> types.Popular:
    return types.Popular(tuple(card(n) for n in range(2, 12)), hours, False, window, tuple(range(1200, 190, -101)))


def stated(value: str = "2026-11-24T12:23:00Z") -> ArticleDate:
    return ArticleDate(
        value=value,
        precision="second",
        zone="Z",
        earliest=value,
        latest=value,
        raw="Tue, 24 Nov 2026 12:23:00 GMT",
        method="stated",
        confidence=1.0,
    )


def partial() -> ArticleDate:
    return ArticleDate(
        value="2021-12",
        precision="month",
        zone=None,
        earliest="2021-12-01T00:00:00Z",
        latest="2021-12-31T23:59:59Z",
        raw="03, 2021 at 12:15AM",
        method="inferred",
        confidence=0.85,
        evidence=(Evidence("image-path", "files/2021.12/thumbnail", "2021-12"), Evidence("text", "03, 2021", "2021")),
    )


def article(language: str = "en", **changes: object) -> types.ArticlePage:
    paragraphs = [types.BlockView("paragraph", html=text) for text in PARAGRAPHS[language]]
    blocks = [
        *paragraphs[:2],
        types.BlockView("heading", text=HEADLINES[language][1], level=3),
        *paragraphs[2:3],
        types.BlockView("quote", text=STANDFIRSTS[language][0], cite="Mira Holt"),
        types.BlockView("figure", picture=picture(20)),
        types.BlockView("list", items=("3.4 km", "<b>1.8 m</b>", "2015"), ordered=False),
        types.BlockView(
            "table", html="<table><tr><th>Year</th><th>Metres</th></tr><tr><td>1911</td><td>2.1</td></tr></table>"
        ),
        types.BlockView("embed", url="https://video.example/watch?v=1", title="The flood of 1911, in pictures"),
        types.BlockView(
            "embed", url="https://www.video.example/watch?v=2", title="How the barrier closes", picture=picture(21)
        ),
        types.BlockView("embed", html="Gates closed. <b>All dry.</b>", url="https://posts.example/7", title="Gates"),
        *paragraphs[3:],
        types.BlockView("rule"),
        types.BlockView("code", text="level = 1.8"),
    ]
    page = types.ArticlePage(
        card=card(0, language),
        blocks=tuple(blocks),
        canonical_url="https://harbour.example/barrier",
        original_url="https://harbour.example/barrier",
        short_path="/s/k3x9w",
        published=stated(),
        modified=None,
        policy="full",
        licence="https://creativecommons.org/licenses/by/4.0/",
        truncated=False,
        related=(
            types.RelatedView(
                card=RelatedCard(
                    "Read more",
                    HEADLINES[language][6 % len(HEADLINES[language])],
                    "https://harbour.example/archive",
                    image=ImageRef("x"),
                ),
                path="/article/7-report/",
                picture=picture(6),
                source=source(language, 1),
            ),
            types.RelatedView(
                card=RelatedCard("", HEADLINES[language][2], "https://www.northgate.example/trains", "inferred")
            ),
        ),
        repairs=(
            Repair(
                "leaked-markup", "body", "<span>Read more", "", "Markup that was printed as text was read as markup."
            ),
            Repair(
                "tracking",
                "links",
                "https://a.example/?utm_source=rss",
                "https://a.example/",
                "Tracking was taken out.",
            ),
        ),
        provenance={
            "title": Provenance("feed:title"),
            "byline": Provenance("page:json-ld", "stated", 0.95),
            "published": Provenance("feed:pubDate", "stated", 1.0),
        },
        more_on_story=tuple(card(n, language) for n in (1, 2, 3)),
        previous=card(4, language),
        next=card(5 % len(HEADLINES[language]), language),
        revisions=2,
    )
    return replace(page, **changes)


def old_article() -> types.ArticlePage:
    then = datetime(2021, 12, 31, 9, tzinfo=UTC)
    shown = replace(card(3), published=None, at=then, precision="month", byline=(), first_seen=NOW)
    page = article(published=partial(), policy="excerpt", truncated=True, blocks=article().blocks[:1])
    return replace(page, card=shown, more_on_story=(), quotes=(), related=())


def listing(language: str = "en", **changes: object) -> types.ListPage:
    page = types.ListPage(
        edition=language,
        cards=tuple(card(n, language) for n in range(10)),
        paging=types.Paging(number=2, has_next=True),
        section=section(language, 0),
        changed_at=NOW,
    )
    return replace(page, **changes)


def told_by(language: str, *indices: int) -> tuple[types.Card, ...]:
    return tuple(card(n, language) for n in indices)


def story(language: str = "en", **changes: object) -> story_types.StoryPage:
    """A story with everything that one may have."""
    reports = told_by(language, 3, 2, 1, 0)
    copies = told_by(language, 6 % len(HEADLINES[language]), 7 % len(HEADLINES[language]))
    words = HEADLINES[language][1].split()
    changed = story_types.Moment(NOW, "changed", reports[1], fields=("title", "body"))
    moments = tuple(story_types.Moment(c.at, "report", c, alone=tuple(words[:2]) if c.id == 2 else ()) for c in reports)
    moments = (replace(moments[0], copies=copies), *moments[1:], changed, replace(changed, kind="gone", fields=()))
    said = story_types.SaidView(STANDFIRSTS[language][0], reports[:2])
    page = story_types.StoryPage(
        story=types.StoryView(id=9, title=HEADLINES[language][0], path="/story/9-barrier/", articles=6, sources=3),
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        lead=reports[1],
        reports=reports,
        copies={reports[0].id: copies},
        changed_at=NOW,
        summary=tuple(
            story_types.SummaryLine(text, reports[n % 4], n + 1) for n, text in enumerate(STANDFIRSTS[language])
        ),
        first=story_types.FirstView(reports[:1], reports[0].at, 1),
        timeline=moments,
        compared=3,
        names=(story_types.NameView("Port Aster", 3), story_types.NameView("Anna Berg", 2)),
        figures=(story_types.FigureView(words[0], reports[:2]),),
        contests=((story_types.FigureView(words[1], reports[:3]), story_types.FigureView(words[2], reports[3:])),),
        speakers=(story_types.SpeakerView("Anna Berg", (said, replace(said, cards=reports[2:3]))),),
        pictures=tuple(c for c in (*reports, *copies) if c.picture and not c.picture.drawn),
        related=told_by(language, 4, 2),
        left_out=3,
    )
    return replace(page, **changes)


def long_story() -> story_types.StoryPage:
    """Two hundred reports over three days, of which no more is known than when they came."""
    reports = tuple(
        replace(card(n), id=n + 1, at=at, published=at, first_seen=at)
        for n in range(200)
        for at in [NOW - timedelta(minutes=20 * (200 - n))]
    )
    told = story().story
    return story_types.StoryPage(
        story=replace(told, articles=240, sources=90),
        language="en",
        direction="ltr",
        lead=reports[0],
        reports=reports,
        changed_at=NOW,
        timeline=tuple(story_types.Moment(c.at, "report", c) for c in reports),
        left_out=40,
    )


def short_story() -> story_types.StoryPage:
    """Two reports that bear nothing out of each other."""
    reports = told_by("en", 3, 8)
    return story_types.StoryPage(
        story=replace(story().story, articles=2, sources=2),
        language="en",
        direction="ltr",
        lead=reports[0],
        reports=reports,
        summary=(story_types.SummaryLine(reports[0].standfirst, reports[0], 0),),
        timeline=tuple(story_types.Moment(c.at, "report", c) for c in reports),
        changed_at=NOW,
    )


def search(**changes: object) -> types.SearchPage:
    found = tuple(
        card(n, snippet_html="a common <mark>flood</mark> barrier after eleven years of dispute …") for n in range(4)
    )
    page = types.SearchPage(
        edition="en",
        query="flood",
        cards=found,
        paging=types.Paging(total=1234, has_next=True),
        sources=tuple(source("en", n) for n in range(3)),
        sections=tuple(section("en", n) for n in range(6)),
        languages=("en", "ar", "ru"),
        filters={"source": "source-1"},
    )
    return replace(page, **changes)


def sources() -> tuple[types.SourceLine, ...]:
    return tuple(
        types.SourceLine(
            source=source("en", n),
            articles=1200 * n,
            newest=NOW if n else None,
            healthy=n != 1,
            state="The server is away",
        )
        for n in range(3)
    )


def archive(precision: str) -> types.ArchivePage:
    days = {
        "year": [date(2026, 1, 1), date(2025, 1, 1)],
        "month": [date(2026, 11, 1), date(2026, 3, 1)],
        "day": [date(2026, 11, 24), date(2026, 11, 3)],
    }[precision]
    counts = tuple(types.ArchiveCount(day, 1234 - n * 1233) for n, day in enumerate(days))
    return types.ArchivePage(
        edition="en", precision=precision, counts=counts, day=None if precision == "year" else date(2026, 11, 1)
    )


def changes(language: str = "en") -> types.ChangesPage:
    head, tail = HEADLINES[language][0].split(" ", 1)
    parts = {
        "en": (
            types.DiffPart("same", "Coastal towns agree on a "),
            types.DiffPart("removed", "large "),
            types.DiffPart("added", "common "),
            types.DiffPart("same", "flood barrier"),
        )
    }.get(
        language,
        (
            types.DiffPart("removed", f"{head} 2021"),
            types.DiffPart("added", "2022"),
            types.DiffPart("same", f" {tail}"),
        ),
    )
    moved = types.FieldChange("body", (types.DiffPart("same", PARAGRAPHS[language][0]),), "moved")
    new = types.FieldChange("lead_image", (types.DiffPart("added", HEADLINES[language][1]),), "added")
    gone = types.FieldChange("body", (types.DiffPart("removed", PARAGRAPHS[language][1]),), "removed")
    dated = types.FieldChange("published", (), date_before=partial(), date_after=stated())
    title = types.FieldChange("title", parts)
    return types.ChangesPage(
        card=card(0, language),
        revisions=(
            types.RevisionView(4, NOW, "ours", ()),
            types.RevisionView(3, NOW, "source", (dated, moved, new, gone)),
            types.RevisionView(2, NOW - timedelta(hours=1), "source", (title,)),
            types.RevisionView(1, NOW - timedelta(hours=2), "source"),
        ),
    )


def tombstone() -> types.Tombstone:
    return types.Tombstone(title="A report", reason="Taken down at the request of the publisher.", at=NOW)
