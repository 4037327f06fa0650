"""Invented quotations of every class in six languages: the exact words, and the speaker as the text names them.

A case is its paragraphs and what must be found: (words, speaker). Paragraphs are parted by "|".
"""

from __future__ import annotations

import pytest

from masthead.core.quotes import find_quotes
from masthead.core.types import Block

CASES: dict[str, tuple[str, str, list[tuple[str, str | None]]]] = {
    # English
    "en after, inverted": (
        "en",
        "“The bridge will open in May,” said Ana Brill, the engineer.",
        [("The bridge will open in May", "Ana Brill")],
    ),
    "en after, straight": ("en", '"We will not pay," Brill said.', [("We will not pay", "Brill")]),
    "en doubled apostrophes": ("en", "''We will not pay,'' Mr. Brill said.", [("We will not pay", "Brill")]),
    "en British single": (
        "en",
        "‘I don’t think it’s over,’ said Tom Quill. ‘Far from it.’",
        [("I don’t think it’s over", "Tom Quill"), ("Far from it.", "Tom Quill")],
    ),
    "en before, comma": ("en", "Quill told reporters, “The talks have failed.”", [("The talks have failed.", "Quill")]),
    "en before, colon": (
        "en",
        "In a letter to the board, Mara Voss wrote: “Nobody asked us first.”",
        [("Nobody asked us first.", "Mara Voss")],
    ),
    "en between": (
        "en",
        "“We knew the risk,” Voss said, “and we took it.”",
        [("We knew the risk", "Voss"), ("and we took it.", "Voss")],
    ),
    "en two sentences": (
        "en",
        "“It was dark,” said Lena Orr. “Nobody saw the train.”",
        [("It was dark", "Lena Orr"), ("Nobody saw the train.", "Lena Orr")],
    ),
    "en full name first": (
        "en",
        "Mayor Carla Dunn opened the hall on Friday.|“It took us nine years,” Dunn said.",
        [("It took us nine years", "Carla Dunn")],
    ),
    "en full name in apposition": (
        "en",
        "“It took us nine years,” the mayor, Carla Dunn, said.",
        [("It took us nine years", "Carla Dunn")],
    ),
    "en title": ("en", "“We have a deal,” Foreign Minister Ivo Lanz said.", [("We have a deal", "Ivo Lanz")]),
    "en parentheses": ("en", "“That is a tax,” Sen. Joan Pike (R-Ore.) said.", [("That is a tax", "Joan Pike")]),
    "en pronoun": (
        "en",
        "Ms. Nora Feld runs the mill. She took it over in 2011.|“I had no choice,” she said.",
        [("I had no choice", "Nora Feld")],
    ),
    "en pronoun of two": (
        "en",
        "Peter Grau met Paul Stern on Monday.|“I had no choice,” he said.",
        [("I had no choice", None)],
    ),
    "en police said": (
        "en",
        "“The driver had fled when we came,” police said.",
        [("The driver had fled when we came", "police")],
    ),
    "en spokesman": (
        "en",
        "“No decision has been made,” a spokesman for the ministry said.",
        [("No decision has been made", "a spokesman for the ministry")],
    ),
    "en organisation": (
        "en",
        "“The figures are wrong,” the Trade Board said.",
        [("The figures are wrong", "Trade Board")],
    ),
    "en any verb": ("en", "“Never again!” Brill thundered.", [("Never again!", "Brill")]),
    "en according to": (
        "en",
        "“The wall was built on sand,” according to Ruth Ames.",
        [("The wall was built on sand", "Ruth Ames")],
    ),
    "en nested": (
        "en",
        "“He shouted ‘stop’ and then ‘run’ at us,” said Ida Moor.",
        [("He shouted ‘stop’ and then ‘run’ at us", "Ida Moor")],
    ),
    "en nested straight": (
        "en",
        '"He shouted "stop right there" at us," said Ida Moor.',
        [('He shouted "stop right there" at us', "Ida Moor")],
    ),
    "en over paragraphs": (
        "en",
        "“We came at noon,” said Ida Moor.|“There was nobody.|“So we left.” The case goes on.",
        [("We came at noon", "Ida Moor"), ("There was nobody.\n\n“So we left.", "Ida Moor")],
    ),
    "en unclosed": ("en", "“We came at noon, said Ida Moor.", [("We came at noon", "Ida Moor")]),
    "en mixed marks": ("en", '“We came at noon," said Ida Moor.', [("We came at noon", "Ida Moor")]),
    "en who said": (
        "en",
        "Olaf Berg, who had seen the fire from his window, said: “It was like daylight.”",
        [("It was like daylight.", "Olaf Berg")],
    ),
    "en adding": (
        "en",
        "Berg called the fire “a disgrace,” adding: “Somebody must answer for this.”",
        [("Somebody must answer for this.", "Berg")],
    ),
    "en paragraph of its own": (
        "en",
        "Berg said the council had known for years.|“They had every report on the table.”",
        [("They had every report on the table.", "Berg")],
    ),
    "en announced": (
        "en",
        "The harbour office released a statement:|“The pier stays closed until further notice.”",
        [("The pier stays closed until further notice.", "The harbour office")],
    ),
    "en signature": (
        "en",
        "“A town without a library has no memory.”|— Edda Klein",
        [("A town without a library has no memory.", "Edda Klein")],
    ),
    "en scare quotes": ("en", "The so-called “experts” met in a “secret” room, Berg said.", []),
    "en fragment": ("en", "Berg said the plan was “a danger to all of us” and left.", []),
    "en title of a work": ("en", "Her novel, “The Last Ferry,” won the Harbour Prize.", []),
    "en called": ("en", "He starred in a series called “Night Shift.”", []),
    "en apostrophes": ("en", "The ’90s were the Smiths’ years, and it’s 6’2” tall.", []),
    # Spanish
    "es after": ("es", "«No vamos a pagar», dijo Lucía Prado.", [("No vamos a pagar", "Lucía Prado")]),
    "es curly": (
        "es",
        "“El puente abrirá en mayo”, afirmó el alcalde, Mario Vega.",
        [("El puente abrirá en mayo", "Mario Vega")],
    ),
    "es before": (
        "es",
        "La ministra de Pesca, Elena Soto, aseguró: “Nadie nos preguntó antes”.",
        [("Nadie nos preguntó antes", "Elena Soto")],
    ),
    "es before, inverted": (
        "es",
        "Según explicó ayer Mario Vega: «Las obras empiezan el lunes».",
        [("Las obras empiezan el lunes", "Mario Vega")],
    ),
    "es between": (
        "es",
        "«Sabíamos el riesgo», añadió Vega, «y lo asumimos».",
        [("Sabíamos el riesgo", "Vega"), ("y lo asumimos", "Vega")],
    ),
    "es dialogue dash": (
        "es",
        "—No iremos —dijo Vega—. Nos quedamos aquí.",
        [("No iremos", "Vega"), ("Nos quedamos aquí.", "Vega")],
    ),
    "es police": (
        "es",
        "«El conductor había huido», informó la policía.",
        [("El conductor había huido", "la policía")],
    ),
    "es ha dicho": ("es", "«Es una vergüenza», ha dicho Elena Soto.", [("Es una vergüenza", "Elena Soto")]),
    "es surname later": (
        "es",
        "La directora Elena Soto abrió la sala.|«Han sido nueve años», dijo Soto.",
        [("Han sido nueve años", "Elena Soto")],
    ),
    "es pronoun": (
        "es",
        "La señora Elena Soto dirige el molino.|«No tuve elección», dijo ella.",
        [("No tuve elección", "Elena Soto")],
    ),
    "es nested": ("es", "«Nos gritó “alto” dos veces», contó Ida Mora.", [("Nos gritó “alto” dos veces", "Ida Mora")]),
    "es according": (
        "es",
        "Según Elena Soto, «el muro se hizo sobre arena».",
        [("el muro se hizo sobre arena", "Elena Soto")],
    ),
    "es over paragraphs": (
        "es",
        "Elena Soto dijo: «Llegamos a mediodía.|»No había nadie».",
        [("Llegamos a mediodía.\n\n»No había nadie", "Elena Soto")],
    ),
    "es scare": ("es", "El «experto» llegó en su coche «oficial» a la plaza.", []),
    # German
    "de after": ("de", "„Die Brücke öffnet im Mai“, sagte Anna Brill.", [("Die Brücke öffnet im Mai", "Anna Brill")]),
    "de straight": ("de", '"Wir zahlen nicht", sagte Brill am Montag.', [("Wir zahlen nicht", "Brill")]),
    "de guillemets inward": ("de", "»Wir zahlen nicht«, betonte Jens Voss.", [("Wir zahlen nicht", "Jens Voss")]),
    "de before": (
        "de",
        "Bürgermeister Jens Voss erklärte: „Das hat neun Jahre gedauert.“",
        [("Das hat neun Jahre gedauert.", "Jens Voss")],
    ),
    "de before, inverted": (
        "de",
        "Am Freitag sagte die Ministerin Karla Dorn: „Niemand hat uns gefragt.“",
        [("Niemand hat uns gefragt.", "Karla Dorn")],
    ),
    "de between": (
        "de",
        "„Wir kannten das Risiko“, sagte Dorn, „und wir sind es eingegangen.“",
        [("Wir kannten das Risiko", "Dorn"), ("und wir sind es eingegangen.", "Dorn")],
    ),
    "de so": ("de", "„Das ist eine Schande“, so Dorn.", [("Das ist eine Schande", "Dorn")]),
    "de police spokesman": (
        "de",
        "„Der Fahrer war geflohen“, sagte ein Sprecher der Polizei.",
        [("Der Fahrer war geflohen", "ein Sprecher der Polizei")],
    ),
    "de particle of nobility": (
        "de",
        "„Das bleibt so“, sagte Gerta von der Au.",
        [("Das bleibt so", "Gerta von der Au")],
    ),
    "de told the agency": (
        "de",
        "„Das bleibt so“, sagte Voss der Zeitung „Der Hafen“.",
        [("Das bleibt so", "Voss")],
    ),
    "de pronoun": (
        "de",
        "Frau Karla Dorn leitet die Mühle.|„Ich hatte keine Wahl“, sagte sie.",
        [("Ich hatte keine Wahl", "Karla Dorn")],
    ),
    "de nested": (
        "de",
        "„Er rief ‚Halt‘ und lief weg“, sagte Ida Moor.",
        [("Er rief ‚Halt‘ und lief weg", "Ida Moor")],
    ),
    "de laut": ("de", "Laut Karla Dorn „wurde die Mauer auf Sand gebaut“.", []),
    "de unclosed": ("de", "„Wir kamen mittags an, sagte Ida Moor.", [("Wir kamen mittags an", "Ida Moor")]),
    "de scare": ("de", "Die „Experten“ trafen sich im „Geheimen“, wie es hieß.", []),
    # French
    "fr after": ("fr", "« Le pont ouvrira en mai », a déclaré Anne Brel.", [("Le pont ouvrira en mai", "Anne Brel")]),
    "fr no-break spaces": (
        "fr",
        "«\u00a0Nous ne paierons pas\u00a0», a assuré Luc Morin.",
        [("Nous ne paierons pas", "Luc Morin")],
    ),
    "fr curly": ("fr", "“Nous ne paierons pas”, affirme le maire, Luc Morin.", [("Nous ne paierons pas", "Luc Morin")]),
    "fr before": (
        "fr",
        "La ministre Anne Brel a expliqué : « Personne ne nous a consultés. »",
        [("Personne ne nous a consultés.", "Anne Brel")],
    ),
    "fr inside": (
        "fr",
        "« Nous connaissions le risque, a dit Luc Morin, et nous l’avons pris. »",
        [("Nous connaissions le risque", "Luc Morin"), ("et nous l’avons pris.", "Luc Morin")],
    ),
    "fr pronoun": (
        "fr",
        "Mme Anne Brel dirige le moulin.|« Je n’avais pas le choix », dit-elle.",
        [("Je n’avais pas le choix", "Anne Brel")],
    ),
    "fr a-t-il": (
        "fr",
        "M. Luc Morin dirige le port.|« C’est une honte », a-t-il ajouté.",
        [("C’est une honte", "Luc Morin")],
    ),
    "fr elision": ("fr", "« Il est innocent », plaide l’avocat Paul Roux.", [("Il est innocent", "Paul Roux")]),
    "fr police": (
        "fr",
        "« Le conducteur avait fui », a indiqué la police.",
        [("Le conducteur avait fui", "la police")],
    ),
    "fr dialogue dash": ("fr", "— Nous irons, dit Paul Roux.", [("Nous irons", "Paul Roux")]),
    "fr according": (
        "fr",
        "Selon Anne Brel, « le mur a été bâti sur du sable ».",
        [("le mur a été bâti sur du sable", "Anne Brel")],
    ),
    "fr nested": (
        "fr",
        "« Il a crié “halte” deux fois », raconte Ida Maure.",
        [("Il a crié “halte” deux fois", "Ida Maure")],
    ),
    "fr scare": ("fr", "Les « experts » se sont réunis dans un lieu « secret » hier.", []),
    # Russian
    "ru after": ("ru", "«Мост откроют в мае», — сказал Иван Громов.", [("Мост откроют в мае", "Иван Громов")]),
    "ru role": (
        "ru",
        "«Решение не принято», — заявил глава МИД Сергей Белов.",
        [("Решение не принято", "Сергей Белов")],
    ),
    "ru before": (
        "ru",
        "Мэр Анна Крылова сообщила: «Нас никто не спросил».",
        [("Нас никто не спросил", "Анна Крылова")],
    ),
    "ru inside": (
        "ru",
        "«Мы знали о риске, — сказал Громов, — и пошли на него».",
        [("Мы знали о риске", "Громов"), ("и пошли на него", "Громов")],
    ),
    "ru dialogue dash": (
        "ru",
        "— Мы не поедем, — сказала Крылова. — Мы останемся здесь.",
        [("Мы не поедем", "Крылова"), ("Мы останемся здесь.", "Крылова")],
    ),
    "ru low-high": ("ru", "„Мы не заплатим“, — подчеркнул Громов.", [("Мы не заплатим", "Громов")]),
    "ru surname later": (
        "ru",
        "Директор Анна Крылова открыла зал.|«На это ушло девять лет», — сказала Крылова.",
        [("На это ушло девять лет", "Анна Крылова")],
    ),
    "ru pronoun": (
        "ru",
        "Госпожа Анна Крылова руководит мельницей.|«У меня не было выбора», — сказала она.",
        [("У меня не было выбора", "Анна Крылова")],
    ),
    "ru nested": (
        "ru",
        "«Он крикнул „стой“ два раза», — рассказала Ида Мур.",
        [("Он крикнул „стой“ два раза", "Ида Мур")],
    ),
    "ru role without name": (
        "ru",
        "«Водитель скрылся», — сообщил представитель полиции.",
        [("Водитель скрылся", "представитель полиции")],
    ),
    "ru scare": ("ru", "Так называемые «эксперты» собрались в «секретном» месте.", []),
    # Arabic
    "ar before": ("ar", "قال أحمد الكيلاني: «سيفتح الجسر في مايو».", [("سيفتح الجسر في مايو", "أحمد الكيلاني")]),
    "ar role": (
        "ar",
        "وقال وزير النقل سامي الحداد في مؤتمر صحفي: “لن ندفع شيئا”.",
        [("لن ندفع شيئا", "سامي الحداد")],
    ),
    "ar straight": ("ar", 'وأكدت الوزيرة هدى سلمان: "لم يسألنا أحد من قبل".', [("لم يسألنا أحد من قبل", "هدى سلمان")]),
    "ar after": ("ar", "«لم يسألنا أحد»، قالت هدى سلمان للصحفيين.", [("لم يسألنا أحد", "هدى سلمان")]),
    "ar spokesman": (
        "ar",
        "وصرح المتحدث باسم الوزارة خالد منصور: «القرار لم يتخذ بعد».",
        [("القرار لم يتخذ بعد", "خالد منصور")],
    ),
    "ar went on": (
        "ar",
        "قال سامي الحداد: «كنا نعرف الخطر». وأضاف: «وقبلنا به جميعا».",
        [("كنا نعرف الخطر", "سامي الحداد"), ("وقبلنا به جميعا", "سامي الحداد")],
    ),
    "ar nested": ("ar", "قالت هدى سلمان: «صرخ علينا “توقفوا” مرتين».", [("صرخ علينا “توقفوا” مرتين", "هدى سلمان")]),
    "ar police": ("ar", "وقالت الشرطة: «هرب السائق قبل وصولنا».", [("هرب السائق قبل وصولنا", "الشرطة")]),
    "ar scare": ("ar", "اجتمع «الخبراء» في مكان «سري» أمس.", []),
    # No grammar of its own
    "pt union": ("pt", "“Não vamos pagar”, afirmou Ana Prado.", [("Não vamos pagar", None)]),
}


@pytest.mark.parametrize("case", CASES)
def test_words_and_speaker(case: str) -> None:
    language, text, wanted = CASES[case]
    blocks = [Block("paragraph", part) for part in text.split("|")]
    assert [(quote.text, quote.speaker) for quote in find_quotes(blocks, language)] == wanted
