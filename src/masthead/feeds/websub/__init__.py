"""WebSub (W3C Recommendation): hubs tell us of news, so that their feeds need hardly be polled.

`discover` reads what a feed says of itself; `own` proves an address that it calls its own, and `alike` compares for it;
`keep` is the step that asks hubs and ends what is not wanted any more; `turn` leaves a hub that fails for another;
`answer` is what a hub meets at our callback; `trust` watches whether it keeps its word; `told` puts it into words.
`answer`, `told` and `callback` are for web code: they reach nothing that fetches.
"""
