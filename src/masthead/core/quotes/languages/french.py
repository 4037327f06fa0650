# ruff: noqa: E501 (tables of words)
"""French: who said it, in which words."""

from __future__ import annotations

from masthead.core.characters import words
from masthead.core.quotes.grammar import Grammar

FRENCH = Grammar(
    language="fr",
    verbs=words(
        "dit disait disent déclaré déclare déclarait déclarent affirmé affirme affirment expliqué explique expliquait"
        " expliquent ajouté ajoute ajoutent précisé précise précisent assuré assure assurent estimé estime estimait estiment"
        " annoncé annonce lancé lance indiqué indique indiquent souligné souligne soulignent rappelé rappelle regretté"
        " regrette confié confie raconté raconte racontent témoigné témoigne répondu répond répondent demandé demande"
        " écrit écrivait écrivent reconnu reconnaît admis admet insisté insiste insistent martelé martèle dénoncé dénonce"
        " dénoncent averti avertit prévenu prévient promis promet conclu conclut commenté commente poursuivi poursuit"
        " renchéri renchérit résumé résume constaté constate jugé juge jugent plaidé plaide tranché tranche nuance nuancé"
        " détaillé détaille soutenu soutient salué salue critiqué critique réagi réagit glissé glisse soupiré soupire"
        " crié crie murmuré murmure répété répète interrogé interroge lâché lâche tweeté déploré déplore espère"
    ),
    participles=words("disant ajoutant précisant affirmant expliquant soulignant écrivant criant lançant"),
    helpers=words("a ont avait avaient aussi ensuite encore alors déjà également ainsi n ne pas s lui leur y l nous m"),
    he=words("il"),
    she=words("elle"),
    they=words("ils elles on je nous vous qui"),
    his=words("lui"),
    her=words(""),
    titles=words(
        "m m. mm mme mlle dr dr. me monsieur madame président présidente ministre premier première maire gouverneur"
        " sénateur sénatrice député députée porte-parole directeur directrice général générale procureur procureure juge"
        " avocat avocate professeur professeure roi reine pape évêque archevêque cardinal secrétaire chef cheffe"
        " entraîneur entraîneuse candidat candidate ambassadeur ambassadrice chercheur chercheuse économiste analyste"
        " préfet préfète commissaire colonel capitaine patron patronne leader chancelier chancelière"
    ),
    men=words(
        "m m. monsieur président maire sénateur député directeur avocat roi entraîneur candidat ambassadeur chercheur préfet"
        " patron chancelier"
    ),
    women=words(
        "mme mlle madame présidente sénatrice députée directrice avocate reine entraîneuse candidate ambassadrice"
        " chercheuse préfète patronne chancelière"
    ),
    articles=words(
        "le la les l un une des son sa ses ce cette ces leur leurs plusieurs certains autre autres deux trois"
    ),
    of=words("de du des d pour en"),
    ties=words("de du des d"),
    stops=words(
        "de du des d à au aux pour en dans sur sous par avec sans chez devant lors après avant pendant depuis selon que qu"
        " qui quand lorsque mais et ou où comme lundi mardi mercredi jeudi vendredi samedi dimanche hier aujourd ce cette"
        " mais est était sont a ont dont auprès face jusqu vers"
    ),
    linkers=words("de du la le des d van von ben el al"),
    according=(("selon",), ("d", "après"), ("pour",), ("aux", "yeux", "de")),
    relatives=words("qui"),
    objects=words("que qu"),
    joins=words("et mais que qu quand lorsque comme si parce car puis"),
    labels=words("appelé appelée intitulé intitulée baptisé baptisée surnommé surnommée nommé dit-on"),
    not_names=words(
        "Le La Les L Un Une Des De Du D À Au Aux En Dans Sur Pour Par Avec Sans Chez Et Mais Ou Où Si Comme Quand Lorsque Il"
        " Elle Ils Elles On Je Nous Vous Ce Cette Ces Son Sa Ses Leur Selon Après Avant Depuis Pendant Lundi Mardi Mercredi"
        " Jeudi Vendredi Samedi Dimanche Hier Puis Ainsi Alors Aussi Qui Que Qu Interrogé Interrogée Pas C J N S Y"
    ),
    inverts=True,
    inserts=True,
    clitics=True,
)
