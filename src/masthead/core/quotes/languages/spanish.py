# ruff: noqa: E501 (tables of words)
"""Spanish: who said it, in which words."""

from __future__ import annotations

from masthead.core.characters import words
from masthead.core.quotes.grammar import Grammar

SPANISH = Grammar(
    language="es",
    verbs=words(
        "dijo dice dicho dijeron dicen decía afirmó afirma afirmado afirmaron aseguró asegura asegurado aseguraron declaró"
        " declara declarado declararon explicó explica explicado explicaron señaló señala señalado señalaron añadió añade"
        " añadido añadieron agregó agrega agregado indicó indica indicado indicaron sostuvo sostiene sostenido advirtió"
        " advierte advertido comentó comenta comentado manifestó manifiesta manifestado expresó expresa expresado apuntó"
        " apunta apuntado subrayó subraya subrayado destacó destaca destacado recalcó recalca insistió insiste insistido"
        " precisó precisa precisado reconoció reconoce reconocido admitió admite admitido respondió responde respondido"
        " contestó contesta preguntó pregunta preguntado escribió escribe escrito anunció anuncia anunciado contó cuenta"
        " contado relató relata recordó recuerda recordado lamentó lamenta denunció denuncia denunciado criticó reiteró"
        " reitera concluyó concluye detalló detalla informó informa informado prometió exclamó gritó murmuró replicó"
        " zanjó zanja remarcó remarca puntualizó matizó celebró opinó opina argumentó argumenta confesó avisó pidió"
    ),
    participles=words("diciendo añadiendo agregando afirmando asegurando escribiendo gritando señalando explicando"),
    helpers=words(
        "ha han había también luego después entonces ya además así no lo le les se nos me te aún siempre nunca"
    ),
    he=words("él"),
    she=words("ella"),
    they=words("ellos ellas yo nosotros usted ustedes quien"),
    his=words(""),
    her=words(""),
    titles=words(
        "señor señora sr sr. sra sra. don doña d. dr dr. dra dra. doctor doctora presidente presidenta vicepresidente"
        " vicepresidenta ministro ministra primer alcalde alcaldesa gobernador gobernadora senador senadora diputado"
        " diputada portavoz vocero vocera director directora general comisario comisaria juez jueza fiscal abogado abogada"
        " profesor profesora rey reina papa obispo arzobispo cardenal secretario secretaria jefe jefa entrenador"
        " entrenadora líder candidato candidata embajador embajadora investigador investigadora economista analista"
        " canciller consejero consejera coronel capitán capitana experto experta técnico vecino vecina"
    ),
    men=words(
        "señor sr sr. don presidente ministro alcalde gobernador senador diputado director juez abogado profesor rey"
        " vocero entrenador secretario jefe candidato embajador investigador consejero doctor comisario"
    ),
    women=words(
        "señora sra sra. doña presidenta ministra alcaldesa gobernadora senadora diputada directora jueza abogada"
        " profesora reina vocera entrenadora secretaria jefa candidata embajadora investigadora consejera doctora comisaria"
    ),
    articles=words(
        "el la los las un una unos unas otro otra su sus este esta fuentes vecinos testigos expertos autoridades algunos"
        " varios muchos uno"
    ),
    of=words("de del para en"),
    ties=words("de del"),
    stops=words(
        "de del para en a al ante con por tras durante sobre según que quien cuando mientras desde hasta como y o pero"
        " este esta hoy ayer anoche lunes martes miércoles jueves viernes sábado domingo después antes luego sin entre"
        " tras es fue era ha"
    ),
    linkers=words("de del la las los y i e van von da dos"),
    according=(("según",), ("de", "acuerdo", "con"), ("en", "palabras", "de")),
    relatives=words("que quien"),
    objects=words("que"),
    joins=words("y pero que cuando mientras aunque porque si como"),
    labels=words("llamado llamada titulado titulada denominado denominada apodado llamó"),
    not_names=words(
        "El La Los Las Un Una En De Del Al A Y O Pero Cuando Mientras Aunque Porque Si Como Según Su Sus Este Esta Estos"
        " Estas Así También Además Ayer Hoy Tras Por Para Con Sin Sobre Entre No Ya Lunes Martes Miércoles Jueves Viernes"
        " Sábado Domingo Él Ella Ellos Ellas Después Antes Luego Entonces Durante Desde Hasta Ante Lo Le Se Que Quien"
    ),
    inverts=True,
    inserts=True,
)
