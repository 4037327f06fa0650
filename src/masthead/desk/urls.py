"""Every address of the desk. Each view but log-in and log-out names the right that it needs (`access.needs`)."""

from __future__ import annotations

from django.contrib.auth import views as auth
from django.urls import path, reverse_lazy

from masthead.desk import (
    article,
    articles,
    belongs,
    feeds,
    front,
    log,
    overview,
    readers,
    sections,
    sources,
    stories,
    story,
    users,
)

app_name = "desk"
urlpatterns = [
    path("login/", auth.LoginView.as_view(template_name="desk/login.html", next_page="desk:overview"), name="login"),
    path("logout/", auth.LogoutView.as_view(next_page="desk:login"), name="logout"),
    path(
        "password/",
        auth.PasswordChangeView.as_view(template_name="desk/password.html", success_url=reverse_lazy("desk:overview")),
        name="password",
    ),
    path("", overview.overview, name="overview"),
    path("articles/", articles.articles, name="articles"),
    path("articles/<int:pk>/", article.article, name="article"),
    path("articles/<int:pk>/hold/", article.hold, name="hold"),
    path("articles/<int:pk>/withdraw/", article.withdraw, name="withdraw"),
    path("articles/<int:pk>/restore/", article.restore, name="restore"),
    path("articles/<int:pk>/move/", article.move, name="move"),
    path("articles/<int:pk>/pin/", article.pin, name="pin"),
    path("articles/<int:pk>/unpin/", article.unpin, name="unpin"),
    path("articles/<int:pk>/story/", belongs.belongs, name="belongs"),
    path("articles/<int:pk>/separate/", belongs.separate, name="separate"),
    path("stories/", stories.stories, name="stories"),
    path("stories/<int:pk>/", story.story, name="story"),
    path("stories/<int:pk>/merge/", story.merge, name="merge"),
    path("decisions/<int:pk>/undo/", story.undo, name="undo"),
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
]
