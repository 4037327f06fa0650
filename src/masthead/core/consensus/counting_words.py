"""The words around numbers in six languages: numbers, scales, what is vague, what says nothing, whom people are."""

from __future__ import annotations

NUMBERS: dict[str, dict[int, str]] = {
    "en": {
        1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten",
        11: "eleven", 12: "twelve", 13: "thirteen", 14: "fourteen", 15: "fifteen", 16: "sixteen", 17: "seventeen",
        18: "eighteen", 19: "nineteen", 20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty",
    },
    "de": {
        2: "zwei", 3: "drei", 4: "vier", 5: "fünf", 6: "sechs", 7: "sieben", 8: "acht", 9: "neun", 10: "zehn",
        11: "elf", 12: "zwölf", 13: "dreizehn", 14: "vierzehn", 15: "fünfzehn", 16: "sechzehn", 17: "siebzehn",
        18: "achtzehn", 19: "neunzehn", 20: "zwanzig", 30: "dreißig", 40: "vierzig", 50: "fünfzig", 60: "sechzig",
    },
    "fr": {
        2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six", 7: "sept", 8: "huit", 9: "neuf", 10: "dix", 11: "onze",
        12: "douze", 13: "treize", 14: "quatorze", 15: "quinze", 16: "seize", 20: "vingt", 30: "trente",
        40: "quarante", 50: "cinquante", 60: "soixante",
    },
    "es": {
        2: "dos", 3: "tres", 4: "cuatro", 5: "cinco", 6: "seis", 7: "siete", 8: "ocho", 9: "nueve", 10: "diez",
        11: "once", 12: "doce", 13: "trece", 14: "catorce", 15: "quince", 16: "dieciséis", 17: "diecisiete",
        18: "dieciocho", 19: "diecinueve", 20: "veinte", 30: "treinta", 40: "cuarenta", 50: "cincuenta", 60: "sesenta",
    },
    "ru": {
        2: "два две двое двух двоих", 3: "три трое трех троих", 4: "четыре четверо четырех четверых",
        5: "пять пятеро пяти пятерых", 6: "шесть шестеро шести шестерых", 7: "семь семеро семи семерых",
        8: "восемь восьми", 9: "девять девяти", 10: "десять десяти", 11: "одиннадцать одиннадцати",
        12: "двенадцать двенадцати", 13: "тринадцать тринадцати", 14: "четырнадцать", 15: "пятнадцать пятнадцати",
        16: "шестнадцать", 17: "семнадцать", 18: "восемнадцать", 19: "девятнадцать", 20: "двадцать двадцати",
        30: "тридцать тридцати", 40: "сорок сорока", 50: "пятьдесят", 60: "шестьдесят",
    },
    "ar": {
        3: "ثلاثة ثلاث", 4: "أربعة أربع", 5: "خمسة خمس", 6: "ستة ست", 7: "سبعة سبع", 8: "ثمانية ثماني", 9: "تسعة تسع",
        10: "عشرة عشر", 20: "عشرون عشرين", 30: "ثلاثون ثلاثين", 40: "أربعون أربعين", 50: "خمسون خمسين",
    },
}  # fmt: skip

SCALES: dict[str, dict[float, str]] = {
    "en": {1e3: "thousand", 1e6: "million", 1e9: "billion"},
    "de": {1e3: "tausend", 1e6: "Million Millionen Mio", 1e9: "Milliarde Milliarden Mrd"},
    "fr": {1e3: "mille", 1e6: "million millions", 1e9: "milliard milliards"},
    "es": {1e3: "mil", 1e6: "millón millones"},
    "ru": {
        1e3: "тысяча тысячи тысяч тыс", 1e6: "миллион миллиона миллионов млн",
        1e9: "миллиард миллиарда миллиардов млрд",
    },
    "ar": {1e3: "ألف آلاف", 1e6: "مليون ملايين", 1e9: "مليار مليارات"},
}  # fmt: skip

VAGUE: dict[str, str] = {
    "en": "about around nearly almost some least than over to under roughly approximately most up estimated another",
    "de": "etwa rund fast knapp mindestens über bis unter ungefähr gut circa als wenigstens höchstens weitere",
    "fr": "environ près quelque quelques presque moins plus de jusqu'à vers autres",
    "es": "unos unas casi cerca de menos más sobre hasta alrededor aproximadamente otros otras",
    "ru": "около почти примерно более менее свыше до порядка минимум чем еще",
    "ar": "نحو حوالي قرابة زهاء من عن يقارب حتى",
}

FUNCTION: dict[str, str] = {
    "en": "of the a an and or in on at to from for with by as is are was were be been has have had who that which this"
    " these those it they them more other others further additional after before during when while out up down off per"
    " times than still not also so far",
    "de": "der die das den dem des ein eine einen einem einer und oder in im an am auf aus bei von vom zu zum zur mit"
    " für als ist sind war waren wird werden wurde wurden hat haben hatte hatten sich es sie er weitere weiteren andere"
    " anderen nach vor während wenn auch noch nicht mal bis seit",
    "fr": "de du des d le la les l un une et ou en dans sur à au aux par pour avec est sont était étaient a ont avait"
    " avaient qui que ce ces cette il elle ils elles autres autre après avant pendant fois encore ne pas plus été se",
    "es": "de del el la los las un una y o en a al por para con es son era eran fue fueron ha han había habían que se"
    " este esta estos estas otros otras más después antes durante veces aún no también como lo le",
    "ru": "и или в во на с со из от до за по для при о об у к был была были было есть быть стали что который которые"
    " это эти его ее их еще другие других также не раз после перед уже как",
    "ar": "من في على إلى عن مع و أو أن إن كان كانت كانوا هو هي هم هذا هذه التي الذي الذين قد لم لا ما بعد قبل خلال"
    " آخرين أخرى آخرون مرات",
}

AND: dict[str, str] = {"en": "and or", "de": "und oder", "fr": "et ou", "es": "y o", "ru": "и или", "ar": "و أو"}

PEOPLE: dict[str, str] = {
    "en": "people persons person men women man woman children others residents workers",
    "de": "Menschen Personen Person Leute Männer Frauen Kinder",
    "fr": "personnes personne gens hommes femmes enfants habitants",
    "es": "personas persona hombres mujeres niños",
    "ru": "человек человека людей люди мужчин женщин детей",
    "ar": "شخص شخصا أشخاص رجال نساء أطفال",
}

# Words for times that the locale data lacks.
TIMES = {"ar": "عام عاما عامين أعوام", "ru": "полгода", "en": "decade decades century centuries", "de": "Jahrzehnte"}
