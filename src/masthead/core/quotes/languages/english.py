# ruff: noqa: E501 (tables of words)
"""English: who said it, in which words."""

from __future__ import annotations

from masthead.core.characters import words
from masthead.core.quotes.grammar import LINKERS, Grammar

ENGLISH = Grammar(
    language="en",
    verbs=words(
        "said says say told tells tell added adds wrote writes write tweeted tweets posted posts asked asks continued"
        " continues replied replies responded responds declared declares stated states state read reads explained explains"
        " concluded concludes noted notes argued argues insisted insists warned warns claimed claims announced announces"
        " admitted admits acknowledged acknowledges reported reports recalled recalls joked jokes quipped quips shouted"
        " shouts yelled yells chanted chant chants cried cries exclaimed exclaims remarked remarks observed observes"
        " predicted predicts promised promises pledged pledges vowed vows urged urges suggested suggests stressed"
        " stresses emphasized emphasised testified testifies retorted retorts countered counters answered answers"
        " wondered wonders thought thinks mused muses lamented laments complained complains conceded concedes confirmed"
        " confirms denied denies repeated repeats reiterated reiterates commented comments charged charges accused"
        " accuses blasted boasted boasts bragged cautioned cautions confessed contended contends demanded demands"
        " echoed echoes estimated figured griped interjected interrupted intoned maintained maintains mentioned"
        " murmured muttered offered opined pleaded praised preached proclaimed proclaims proposed protested recounted"
        " recounts revealed reveals scoffed screamed screams scolded snapped speculated surmised swore thundered"
        " touted urged whispered whispers believes believed hoped feared agreed agrees disagreed apologized advised"
        " assured assures instructed pointed points put puts went goes shot fired released issued ordered ranted barked began begins opened closed"
        " quoted quotes sang signed spoke texted tell tells e-mailed emailed blogged summed summarized"
    ),
    participles=words(
        "saying adding telling writing asking noting arguing insisting warning claiming declaring stating explaining"
        " tweeting responding replying shouting yelling chanting concluding announcing suggesting acknowledging"
        " joking quipping predicting stressing urging remarking commenting observing reading recalling repeating"
        " singing screaming crying posting promising admitting vowing complaining accusing"
    ),
    helpers=words(
        "has had have also later then once again even now just previously recently repeatedly reportedly famously simply"
        " always often never still already once first further only twice earlier ever would will did does is was be to"
        " could may might can must should were are been being really quickly quietly publicly privately flatly bluntly"
        " jokingly angrily sarcastically wryly reply in response subsequently eventually finally initially immediately"
        " correctly proudly actually all both went on goes recently not n't doesn't didn't"
    ),
    he=words("he"),
    she=words("she"),
    they=words("they it i we you who one another others both some many"),
    his=words("his him himself"),
    her=words("her hers herself"),
    titles=words(
        "mr mr. mrs mrs. ms ms. miss dr dr. prof prof. sir lord lady dame sen sen. senator rep rep. representative gov"
        " gov. governor president vice premier chancellor king queen prince princess pope bishop archbishop cardinal"
        " imam rabbi rev rev. reverend father sister judge justice mayor congressman congresswoman secretary minister"
        " ambassador general gen gen. colonel col col. major maj. captain capt capt. lieutenant lt lt. sergeant sgt sgt."
        " admiral adm. commander sheriff chief officer detective inspector attorney spokesman spokeswoman spokesperson"
        " chairman chairwoman chair director professor coach manager ceo analyst economist historian author reporter"
        " editor activist candidate nominee commissioner speaker leader whip lawyer prosecutor republican democrat"
        " democratic former then-president host anchor strategist columnist adviser advisor consultant pollster aide"
        " writer journalist correspondent moderator counsel lawmaker delegate politician state national"
    ),
    men=words(
        "mr mr. sir lord king prince spokesman chairman congressman father son husband brother businessman actor"
    ),
    women=words(
        "mrs mrs. ms ms. miss lady dame queen princess spokeswoman chairwoman congresswoman mother daughter wife sister"
        " actress businesswoman"
    ),
    articles=words(
        "the a an one another his her their its our my this that these those some several many two three four five most"
        " each every any no both all other others police officials critics residents witnesses authorities sources"
        " supporters prosecutors lawyers doctors experts analysts organizers organisers researchers scientists"
    ),
    of=words("of for from with at in on to who whose"),
    ties=words("of for"),
    stops=words(
        "of for from with at in on to who whose which that when while as after before during about and but or because"
        " if since until by into over under through via last this next earlier later yesterday today tonight then told"
        " recently monday tuesday wednesday thursday friday saturday sunday is was are were has had have shortly back"
        " adding saying while though although where referring citing speaking pointing noting following once here there"
        " without against despite"
    ),
    linkers=LINKERS,
    according=(("according", "to"), ("in", "the", "words", "of")),
    relatives=words("who"),
    objects=words("reporters me us him her them journalists that"),
    joins=words(
        "and but that when while as if because after before since although though which whether nor yet so however"
    ),
    labels=words("called calls calling call named titled dubbed entitled headlined labeled labelled termed nicknamed"),
    not_names=words(
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August"
        " September October November December The A An And But In On At As If When While After Before He She It They We"
        " You I His Her Their Its Our My This That These Those There Here For From With By Of To So Yet Or Not No Yes"
        " What Why How Who Where Which One Another Some Many Most All Both Still Now Then Also Even Only Just According"
        " Asked Since Until Because Although Though During Despite Like Republican Republicans Democrat Democrats"
        " Democratic American Americans Last Earlier Later Meanwhile However Instead Twitter Facebook Never Once First"
        " Speaking Is Are Was Were Do Does Did Let Next Perhaps Maybe Indeed Nor Over Under Every Each Two Three Other"
        " Others Such Today Tuesday's Will Would Could Should Can Has Have Had"
    ),
    any_verb=True,
)
