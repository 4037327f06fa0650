# ruff: noqa: E501 (tables of words)
"""German: who said it, in which words."""

from __future__ import annotations

from masthead.core.characters import words
from masthead.core.quotes.grammar import Grammar

GERMAN = Grammar(
    language="de",
    verbs=words(
        "sagte sagt sagten sagen gesagt erklärte erklärt erklärten betonte betont betonten meinte meint meinten fügte fügt"
        " warnte warnt warnten gewarnt kündigte kündigt angekündigt schrieb schreibt schrieben geschrieben teilte teilt"
        " mitgeteilt forderte fordert forderten kritisierte kritisiert lobte lobt antwortete antwortet fragte fragt fragten"
        " berichtete berichtet berichteten erzählte erzählt erläuterte erläutert ergänzte ergänzt versicherte versichert"
        " behauptete behauptet bestätigte bestätigt räumte räumt unterstrich unterstreicht äußerte äußert verkündete"
        " verkündet rief ruft riefen erwiderte erwidert entgegnete entgegnet zeigte bekräftigte bekräftigt urteilte"
        " urteilt resümierte resümiert hieß heißt so gab gibt stellte stellt beklagte beklagt mahnte mahnt versprach"
        " verspricht erinnerte erinnert schilderte schildert wiederholte twitterte mutmaßte schwärmte konstatierte"
    ),
    helpers=words(
        "hat haben habe hatte auch dann dazu weiter später noch jedoch zudem aber damals so am selbst außerdem"
    ),
    he=words("er"),
    she=words("sie"),
    they=words("es wir ich man"),
    his=words("sein seine seinem seinen seiner seines ihm ihn"),
    her=words("ihr ihre ihrem ihren ihrer ihres"),
    titles=words(
        "herr herrn frau dr dr. prof prof. präsident präsidentin kanzler kanzlerin minister ministerin bürgermeister"
        " bürgermeisterin sprecher sprecherin chef chefin leiter leiterin direktor direktorin professor professorin"
        " richter richterin anwalt anwältin trainer trainerin könig königin papst bischof kardinal abgeordnete"
        " abgeordneter senator senatorin landrat landrätin experte expertin forscher forscherin ökonom ökonomin"
        " politiker politikerin kandidat kandidatin polizist polizistin anwohner anwohnerin general oberst"
        " autor autorin journalist journalistin geschäftsführer geschäftsführerin vorsitzende vorsitzender"
    ),
    role_ends=(
        *("minister", "ministerin", "präsident", "präsidentin", "kanzler", "kanzlerin", "sprecher", "sprecherin"),
        *("chef", "chefin", "leiter", "leiterin", "vorsitzende", "vorsitzender", "meister", "meisterin", "direktor"),
        *("direktorin", "professor", "professorin", "anwalt", "anwältin", "trainer", "trainerin", "führer", "führerin"),
        *("experte", "expertin", "politiker", "politikerin", "forscher", "forscherin", "kandidat", "kandidatin", "rat"),
        *("sekretär", "sekretärin", "beauftragte", "beauftragter", "richter", "richterin", "abgeordnete", "rätin"),
    ),
    men=words(
        "herr herrn präsident kanzler minister bürgermeister sprecher chef leiter direktor professor richter anwalt"
    ),
    women=words(
        "frau präsidentin kanzlerin ministerin bürgermeisterin sprecherin chefin leiterin direktorin professorin richterin"
        " anwältin trainerin"
    ),
    articles=words(
        "der die das ein eine einer dieser diese dieses jener sein seine ihr ihre viele einige mehrere experten anwohner"
        " kritiker beobachter zeugen"
    ),
    of=words("der des von für aus bei im in vom"),
    ties=words("der des von für"),
    stops=words(
        "der des dem den die das von für aus bei im in am an auf zu zum zur nach vor über mit gegenüber während dass wenn als"
        " weil und aber oder dann heute gestern montag dienstag mittwoch donnerstag freitag samstag sonntag hinzu an mit"
        " kürzlich laut anschließend nun ist war hat wird demnach unter seit bis durch ein eine einem einen einer"
    ),
    linkers=words("von van zu zur vom der den dem de la di el al bin"),
    according=(("laut",), ("nach", "angaben", "von"), ("nach", "den", "worten", "von"), ("so",)),
    relatives=words("der die"),
    objects=words("hinzu sich mit an"),
    joins=words("und aber dass wenn als weil während obwohl nachdem ob doch"),
    labels=words("genannt genannte genannten sogenannte sogenannten titel namens nannte"),
    not_names=words(
        "Der Die Das Ein Eine Einer Er Sie Es Wir Ich Man Und Aber Oder In Im Am An Auf Bei Mit Nach Vor Zu Zum Zur Von Vom"
        " Für Aus Als Wenn Weil Während Dass Doch So Auch Dann Dazu Heute Gestern Montag Dienstag Mittwoch Donnerstag"
        " Freitag Samstag Sonntag Januar Februar März April Mai Juni Juli August September Oktober November Dezember Laut"
        " Nur Noch Nun Seit Bis Durch Über Unter Diese Dieser Dieses Sein Seine Ihr Ihre Den Dem Des Später Zudem"
    ),
    capital_nouns=True,
    inverts=True,
)
