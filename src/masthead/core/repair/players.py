"""Players that pages embed: the page that a player's address stands for, and the still that its host keeps for it.

Only what is computed from the address by the host's own public rule; nothing is fetched here.
"""

from __future__ import annotations

import re

from masthead.core.urls import without_scheme

_YOUTUBE = r"https?://(?:(?:www|m)\.)?youtube(?:-nocookie)?\.com"
# https://developers.google.com/youtube/player_parameters; an identifier has 11 characters.
_YOUTUBE_FILM = re.compile(
    rf"(?:{_YOUTUBE}/(?:embed/|v/|e/|shorts/|live/|watch\?(?:[^#]*&)?v=)|https?://youtu\.be/)"
    r"(?!videoseries|live_stream)([\w-]{11})(?![\w-])"
)
_YOUTUBE_LIST = re.compile(rf"{_YOUTUBE}/embed/?(?:videoseries)?\?(?:[^#]*&)?list=([\w-]{{6,80}})")
_VIMEO = re.compile(r"https?://player\.vimeo\.com/video/(\d+)")
# https://developers.dailymotion.com/: /thumbnail/video/ID answers with the film's still.
_DAILYMOTION = re.compile(
    r"https?://(?:www\.|geo\.)?dailymotion\.com/(?:embed/video/|video/|player(?:/\w+)?\.html\?(?:[^#]*&)?video=)(\w{5,20})"
)


def page_of(url: str) -> str:
    """The page of an embedded player, where the player's address shows which it is; else `url`."""
    if found := _YOUTUBE_FILM.match(url):
        return f"https://www.youtube.com/watch?v={found[1]}"
    if found := _YOUTUBE_LIST.match(url):
        return f"https://www.youtube.com/playlist?list={found[1]}"
    if found := _VIMEO.match(url):
        return f"https://vimeo.com/{found[1]}"
    if found := _DAILYMOTION.match(url):
        return f"https://www.dailymotion.com/video/{found[1]}"
    return url


def still_of(url: str) -> str:
    """The address of the still that a film's host keeps by a public rule; "" where there is no such rule."""
    if found := _YOUTUBE_FILM.match(url):
        return f"https://i.ytimg.com/vi/{found[1]}/hqdefault.jpg"
    if found := _DAILYMOTION.match(url):
        return f"https://www.dailymotion.com/thumbnail/video/{found[1]}"
    return ""


def film_key(url: str) -> str:
    """What the addresses of one film share: its player's, its page's, with and without "www."."""
    return without_scheme(page_of(url))
