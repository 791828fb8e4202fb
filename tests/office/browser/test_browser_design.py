"""The page of components and the pages around it, in Chromium: axe-core, the content security policy, the keyboard, phones, paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from opensocle.office.access.models import User

PUBLIC = ("/design/", "/accounts/login/", "/there-is-nothing/")
SMALL = {"width": 360, "height": 740}


@pytest.mark.parametrize(("language", "scheme", "js"), [("en", "light", True), ("en", "dark", False), ("fr", "light", False), ("fr", "dark", True)])
def test_axe_finds_no_barrier_on_the_public_pages(
    page_for: Callable[..., Any], axe: Callable[..., list[str]], language: str, scheme: str, js: bool
) -> None:
    page = page_for(None, language, color_scheme=scheme, bypass_csp=True)
    if not js:  # axe itself needs JavaScript: the page's own is left out
        page.route("**/*.js", lambda route: route.abort())
    for address in PUBLIC:
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == language
        assert axe(page) == [], address


def test_axe_finds_a_barrier_that_is_put_there(page_for: Callable[..., Any], axe: Callable[..., list[str]]) -> None:
    page = page_for(bypass_csp=True)
    page.goto("/accounts/login/")
    page.evaluate("document.querySelector('label').remove()")
    assert any(found.startswith("label:") for found in axe(page))


def test_axe_finds_no_barrier_on_paper_or_on_a_phone(page_for: Callable[..., Any], axe: Callable[..., list[str]]) -> None:
    page = page_for(None, "fr", viewport=SMALL, bypass_csp=True)
    page.goto("/design/")
    assert axe(page) == []
    page.emulate_media(media="print")
    assert axe(page) == []


def test_axe_finds_no_barrier_once_signed_in(page_for: Callable[..., Any], axe: Callable[..., list[str]], user: Callable[..., User]) -> None:
    officer = user("intake", "d01")
    page = page_for(officer, "fr", bypass_csp=True)
    for address in ("/", "/accounts/2fa/"):
        page.goto(address)
        assert page.locator("nav.menu").is_visible() and axe(page) == [], address


@pytest.mark.parametrize("address", PUBLIC)
def test_the_content_security_policy_stops_nothing_of_ours(page_for: Callable[..., Any], address: str) -> None:
    page = page_for()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert [said for said in page.complaints if "404" not in said] == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(244, 246, 248)"


def test_the_content_security_policy_stops_a_script_that_is_not_ours(page_for: Callable[..., Any]) -> None:
    page = page_for()
    page.goto("/design/")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.broken = true'}))")
    assert page.evaluate("window.broken") is None
    assert any("Content Security Policy" in said for said in page.complaints)


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_but_tables_scrolls_sideways(page_for: Callable[..., Any], width: int) -> None:
    page = page_for(None, "fr", viewport={"width": width, "height": 740})
    for address in PUBLIC:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_everything_to_press_is_44_pixels_high(page_for: Callable[..., Any]) -> None:
    page = page_for(None, "en", viewport=SMALL)
    page.goto("/design/")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .button, input:not([type=checkbox], [type=radio]), select, .choice, .bar a, summary')]
        .filter(e => e.type !== 'hidden' && !e.closest('.unseen') && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 18


def test_the_first_tab_leads_past_the_menu_and_the_focus_is_seen(page_for: Callable[..., Any]) -> None:
    page = page_for()
    page.goto("/design/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Tab")
    width, style = page.evaluate("[getComputedStyle(document.activeElement).outlineWidth, getComputedStyle(document.activeElement).outlineStyle]")
    assert (float(width.removesuffix("px")) >= 3, style) == (True, "solid")
    page.goto("/design/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_link_of_the_error_summary_puts_the_cursor_into_the_field(page_for: Callable[..., Any]) -> None:
    page = page_for()
    page.goto("/design/")
    page.locator(".summary a[href='#id_wrong-sex_0']").click()
    assert page.evaluate("document.activeElement.id") == "id_wrong-sex_0"
    page.locator(".summary a[href='#id_wrong-name']").click()
    assert page.evaluate("document.activeElement.id") == "id_wrong-name"


@pytest.mark.parametrize("js", [True, False])
def test_a_refused_form_has_its_summary_in_focus(page_for: Callable[..., Any], js: bool) -> None:
    page = page_for(None, "fr", js=js)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    assert page.locator(".summary").is_visible() and page.title().startswith("Erreur")
    assert page.locator(".summary").evaluate("e => e === document.activeElement") if js else page.locator(".summary:focus").count() == 1


@pytest.mark.parametrize("js", [True, False])
def test_signing_in_changing_the_language_and_signing_out_work(page_for: Callable[..., Any], user: Callable[..., User], js: bool) -> None:
    from opensocle.office.audit.services import act

    officer = user("intake", "d01")
    officer.set_password("a long enough password")
    with act("user.password", by=None, about=officer):
        officer.save()
    page = page_for(None, "en", js=js)
    page.goto("/")
    page.get_by_label("Username").fill("intake-d01")
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/")
    assert page.locator("h1").inner_text() == "Single window"
    page.get_by_role("button", name="Français").click()
    assert page.locator("h1").inner_text() == "Guichet unique"
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/accounts/login/")
    officer.refresh_from_db()
    assert officer.language == "fr" and page.complaints == []


def test_a_form_is_sent_once_however_often_its_button_is_pressed(page_for: Callable[..., Any]) -> None:
    page = page_for(None, "en")
    page.goto("/accounts/login/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate("""() => {
        const button = document.querySelector('main form button');
        button.click(); button.click(); button.click();
    }""")
    page.wait_for_selector(".summary")
    assert len(sent) == 1


def test_the_page_mirrors_for_a_language_from_right_to_left(page_for: Callable[..., Any]) -> None:
    page = page_for()
    page.goto("/design/")
    before = page.locator(".notice").first.evaluate("e => getComputedStyle(e).borderLeftWidth")
    page.evaluate("document.documentElement.dir = 'rtl'")
    after = page.locator(".notice").first.evaluate("e => getComputedStyle(e).borderRightWidth")
    assert before == after and float(before.removesuffix("px")) > 5
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_on_paper_the_menu_is_gone_and_the_text_is_black_on_white(page_for: Callable[..., Any]) -> None:
    page = page_for(None, "en", color_scheme="dark")
    page.goto("/design/")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator(".aside").is_visible()
    assert page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]") == [
        "rgb(0, 0, 0)",
        "rgb(255, 255, 255)",
    ]
