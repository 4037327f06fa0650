"""Every address of the desk. Each view but those of the way in and out names the right that it needs (`needs`)."""

from __future__ import annotations

from django.urls import path

from masthead.desk import (
    account,
    article,
    articles,
    feeds,
    front,
    log,
    login,
    overview,
    readers,
    sections,
    sources,
    users,
)

app_name = "desk"
urlpatterns = [
    path("login/", login.login, name="login"),
    path("login/code/", login.code, name="code"),
    path("logout/", login.logout, name="logout"),
    path("password/", login.Password.as_view(), name="password"),
    path("again/", login.again, name="again"),
    path("account/", account.account, name="account"),
    path("account/factor/", account.factor, name="factor"),
    path("account/logins/end/", account.end_others, name="end-others"),
    path("account/logins/<int:pk>/end/", account.end_login, name="end-login"),
    path("", overview.overview, name="overview"),
    path("articles/", articles.articles, name="articles"),
    path("articles/<int:pk>/", article.article, name="article"),
    path("articles/<int:pk>/hold/", article.hold, name="hold"),
    path("articles/<int:pk>/withdraw/", article.withdraw, name="withdraw"),
    path("articles/<int:pk>/restore/", article.restore, name="restore"),
    path("articles/<int:pk>/move/", article.move, name="move"),
    path("articles/<int:pk>/pin/", article.pin, name="pin"),
    path("articles/<int:pk>/unpin/", article.unpin, name="unpin"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<int:pk>/", sources.source, name="source"),
    path("feeds/", feeds.feeds, name="feeds"),
    path("feeds/new/", feeds.new_feed, name="subscribe"),
    path("feeds/<int:pk>/", feeds.feed, name="feed"),
    path("feeds/<int:pk>/poll/", feeds.poll_now, name="poll"),
    path("feeds/<int:pk>/pause/", feeds.pause, name="pause"),
    path("feeds/<int:pk>/choose/", feeds.choose, name="choose"),
    path("front/", front.front, name="front"),
    path("sections/", sections.sections, name="sections"),
    path("sections/new/", sections.section, name="new-section"),
    path("sections/categories/", sections.categories, name="categories"),
    path("sections/categories/lead/", sections.lead, name="lead"),
    path("sections/<int:pk>/", sections.section, name="section"),
    path("readers/", readers.readers, name="readers"),
    path("log/", log.log, name="log"),
    path("users/", users.users, name="users"),
    path("users/new/", users.new_user, name="new-user"),
    path("users/<int:pk>/", users.user, name="user"),
    path("users/<int:pk>/door/", users.door, name="door"),
]
