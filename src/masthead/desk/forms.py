"""What is typed at the desk, checked before anything is written."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib.auth.forms import UserCreationForm

from masthead.accounts import factor
from masthead.accounts.models import Role, User
from masthead.accounts.queries import has_factor
from masthead.core.urls import absolute
from masthead.desk.shared import SharedForm
from masthead.feeds.models import Feed, Source
from masthead.feeds.offers import Offer, full_address
from masthead.feeds.queries import source_named
from masthead.feeds.subscribe import Wish
from masthead.pages.models import Section

CHOICES = 300
"""Sources that a list to choose from has at most."""


class FilterForm(forms.Form):
    """The filters over the list of articles; everything is optional, and nonsense filters nothing."""

    q = forms.CharField(required=False, max_length=200, label="Words in the headline")
    source = forms.ModelChoiceField(Source.objects.all(), required=False, empty_label="Every source")
    state = forms.ChoiceField(
        required=False,
        choices=[("", "Every state"), ("published", "Published"), ("held", "Held"), ("withdrawn", "Taken down")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if Source.objects.order_by()[: CHOICES + 1].count() > CHOICES:
            self.fields["source"] = _SourceByName(required=False, max_length=200, label="Source (its name)")


class _SourceByName(forms.CharField):
    """A source where there are too many to choose from a list."""

    def clean(self, value: Any) -> Any:
        """The source of that name. Raises `ValidationError` when there is none."""
        name = super().clean(value)
        if name and (found := source_named(name)) is None:
            raise forms.ValidationError("There is no source of that name.")
        return found if name else None


class ReasonForm(forms.Form):
    """Why something is held, taken down or put back. Readers see the reason of a takedown."""

    reason = forms.CharField(max_length=500, label="Reason", strip=True)


class SourceForm(SharedForm[Source]):
    home_url = forms.URLField(max_length=2000, required=False, label="Home page", assume_scheme="https")
    icon_url = forms.URLField(
        max_length=2000,
        required=False,
        label="Picture for its icon",
        assume_scheme="https",
        help_text="Looked at beside those that its home page names: the best fit is taken. Left open, the feed's.",
    )

    class Meta:
        model = Source
        fields = (
            "name",
            "slug",
            "home_url",
            "description",
            "country",
            "language",
            "ownership",
            "owner",
            "policy",
            "licence",
            "icon_url",
            "show_images",
            "embargo_minutes",
            "weight",
        )
        help_texts = {
            "owner": "The house it belongs to, if any: sources of one house count as one voice. Readers do not see it.",
            "policy": "What readers may see of its articles, at every outlet.",
            "slug": "Part of the address of its page. Changing it changes that address.",
            "country": "Two letters, such as AT.",
            "language": "Such as en or pt-BR.",
        }

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean_weight(self) -> int:
        weight = int(self.cleaned_data["weight"])
        if not -3 <= weight <= 3:
            raise forms.ValidationError("The weight lies between -3 and 3.")
        return weight


class FeedForm(SharedForm[Feed]):
    """The part of a feed that an editor decides; its schedule belongs to the poller."""

    section = forms.ChoiceField(required=False, label="Section of its articles")

    class Meta:
        model = Feed
        fields = ("title", "section", "language", "full_text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(section.slug, section.name) for section in Section.objects.all()]
        current = self.instance.section if self.instance.pk else ""
        if current and current not in dict(known):
            known.append((current, current))
        self.fields["section"].choices = [("", "By its categories"), *known]  # type: ignore[attr-defined]


class SubscribeForm(forms.Form):
    """A new feed: its address, and the source it belongs to (an existing one, or a new one by name)."""

    url = forms.CharField(
        max_length=2000,
        label="Address of the feed, or of a page",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )
    source = forms.ModelChoiceField(Source.objects.all(), required=False, empty_label="A new source")
    name = forms.CharField(max_length=200, required=False, label="Name of the new source")

    def clean_url(self) -> str:
        address = absolute(full_address(str(self.cleaned_data["url"])))
        if not address:
            raise forms.ValidationError("This is not an http or https address.")
        return address

    def wish(self, offer: Offer | None = None) -> Wish:
        """What `feeds.subscribe` is asked for: the address itself, or a feed that it offers."""
        source = self.cleaned_data["source"]
        name = source.name if source else self.cleaned_data["name"]
        return Wish(url=offer.url if offer else self.cleaned_data["url"], source=name)


class SectionForm(SharedForm[Section]):
    """A section. Names by language and matching categories are typed as lines, one each."""

    names_text = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        label="Names in other languages",
        help_text="One a line, such as de: Politik",
    )
    matches_text = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        label="Publishers' categories that belong here",
        help_text="One a line",
    )

    class Meta:
        model = Section
        fields = ("name", "slug", "position", "half_life_hours")
        labels = {"half_life_hours": "Half-life in hours"}
        help_texts = {"half_life_hours": "After so long a report here counts half for the front page. 1 to 336."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["names_text"] = "\n".join(f"{k}: {v}" for k, v in self.instance.names.items())
            self.initial["matches_text"] = "\n".join(self.instance.matches)

    def clean_half_life_hours(self) -> int:
        hours = int(self.cleaned_data["half_life_hours"])
        if not 1 <= hours <= 336:
            raise forms.ValidationError("The half-life lies between 1 and 336 hours.")
        return hours

    def clean_names_text(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for line in str(self.cleaned_data["names_text"]).splitlines():
            language, colon, name = line.partition(":")
            if line.strip() and not (colon and name.strip()):
                raise forms.ValidationError(f"{json.dumps(line, ensure_ascii=False)}: a line is language: name.")
            if line.strip():
                names[language.strip().lower()] = name.strip()
        return names

    def save(self, commit: bool = True) -> Section:
        self.instance.names = self.cleaned_data["names_text"]
        lines = str(self.cleaned_data["matches_text"]).splitlines()
        self.instance.matches = [line.strip() for line in lines if line.strip()]
        return super().save(commit)


class _RoleForm(forms.ModelForm[User]):
    """Operators, and nobody else, may use `/admin/` too."""

    def save(self, commit: bool = True) -> User:
        operator = self.instance.role == Role.OPERATOR
        self.instance.is_staff = self.instance.is_superuser = operator
        return super().save(commit)


class NewUserForm(_RoleForm, UserCreationForm[User]):
    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "role")


class UserForm(_RoleForm):
    class Meta:
        model = User
        fields = ("first_name", "last_name", "email", "role", "is_active")


class CodeForm(forms.Form):
    """A code of the second factor, or one of the codes for recovery."""

    code = forms.CharField(
        max_length=40,
        label="Code",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class AgainForm(forms.Form):
    """The password once more, and a code where the user has a second factor."""

    password = forms.CharField(
        max_length=4096,
        strip=False,
        label="Password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if has_factor(user):
            self.fields["code"] = CodeForm().fields["code"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        right = self.user.check_password(given.get("password", ""))
        # The code is used up only where the password is right.
        if not right or ("code" in self.fields and not factor.passes(self.user, given.get("code", ""))):
            raise forms.ValidationError("This is not right.")
        return given
