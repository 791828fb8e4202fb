"""A browser on the office: `page_for(user, "fr")` gives a page of Chromium that is signed in; `axe(page)` says what bars people from it.

Needs Chromium and the packages playwright and axe-playwright-python; without them these tests are skipped, except where CI is set.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as office_settings
from django.db import connection
from django.test import Client, override_settings
from journeys import Bureau, emptied, made_bureau
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from opensocle.office.access.models import User
from opensocle.office.audit.services import act
from opensocle.office.audit.triggers import install

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
)
HERE = Path(__file__).parent
PATIENCE = 60_000
"""Milliseconds that a page may take on a machine that does much else."""
NOT_SERVED = "/not-served/"
"""Django's server for tests gives media away by itself; the office never does."""


def absent() -> str:
    """What is missing to run a browser; empty where nothing is."""
    if PROGRAM is None:
        return "Chromium is not installed (apt-get install chromium)"
    packages = [name for name in ("playwright", "axe_playwright_python") if importlib.util.find_spec(name) is None]
    return f"not installed: {', '.join(packages)}" if packages else ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where CI is set a missing browser is a failure, not a reason to skip."""
    reason = absent()
    if reason and not os.environ.get("CI"):
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def browser() -> Generator[Any]:
    """Chromium, once for all tests of a process."""
    if reason := absent():
        pytest.fail(reason)
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright has a loop of its own in this thread; nothing of Django runs in it
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=PROGRAM, headless=True, args=ARGUMENTS.split())
        yield chromium
        chromium.close()


@pytest.fixture
def _triggers_after(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Generator[None]:
    """The database is emptied after the test, which the audit's triggers would refuse: they come back when it is."""
    yield
    with django_db_blocker.unblock():
        install()


@pytest.fixture
def office(_triggers_after: None, transactional_db: None, settings: Settings) -> Generator[str]:
    """The office, served on an address of this machine, with its triggers."""
    settings.MEDIA_URL = NOT_SERVED
    install()
    with served() as address:
        yield address
    remove_triggers()


@contextmanager
def served() -> Generator[str]:
    """Serves the office; after it nobody asks any more."""
    server = LiveServer("localhost")
    try:
        yield server.url
    finally:
        for thread in threading.enumerate():  # lines that the browser kept open end with it
            if "process_request_thread" in thread.name:
                thread.join(5)
        server.stop()


def remove_triggers() -> None:
    """The database can be emptied."""
    with connection.cursor() as cursor:
        for statement in _removals():
            cursor.execute(statement)


def _removals() -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'")
            return [f'DROP TRIGGER "{name}"' for (name,) in cursor.fetchall()]
        cursor.execute("SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'audit%'")
        return [f'DROP TRIGGER "{name}" ON {table}' for name, table in cursor.fetchall()]


@pytest.fixture
def page_for(browser: Any, office: str) -> Generator[Callable[..., Any]]:
    """page_for(user, "fr", js=False, color_scheme="dark"): a page of its own, signed in as the user (None: nobody), at the office's root.

    More options go to Playwright's `new_context`. `page.complaints` holds what the browser's console said in error.
    """
    with pages(browser, office) as open_page:
        yield open_page


@contextmanager
def pages(browser: Any, office: str) -> Generator[Callable[..., Any]]:
    """What `page_for` gives, for an office at an address."""
    contexts: list[Any] = []

    def open_page(user: User | None = None, language: str = "en", *, js: bool = True, **options: Any) -> Any:
        context = browser.new_context(base_url=office, java_script_enabled=js, locale=language, **options)
        contexts.append(context)
        cookies = [{"name": office_settings.LANGUAGE_COOKIE_NAME, "value": language, "url": office}]
        if user is not None:
            cookies.append({"name": office_settings.SESSION_COOKIE_NAME, "value": session_of(user, language), "url": office})
        context.add_cookies(cookies)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()


def session_of(user: User, language: str) -> str:
    """The session of a user who has signed in and reads in a language."""
    if user.language != language:
        with act("user.language", by=user, about=user):
            User.objects.filter(pk=user.pk).update(language=language)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client.cookies[office_settings.SESSION_COOKIE_NAME].value


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """axe(page): every barrier that axe-core finds (WCAG 2.2 A and AA, best practice). The page needs `bypass_csp=True` and JavaScript."""
    import axe_playwright_python

    script = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

    def look(page: Any) -> list[str]:
        page.evaluate(script)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", tags)
        return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found["violations"] for node in one["nodes"]]

    return look


@pytest.fixture(autouse=True)
def _django_db_marker(request: pytest.FixtureRequest) -> None:
    """pytest-django's own, but what a journey did is neither undone nor deleted before the last one of its file has ended."""
    if request.node.get_closest_marker("django_db") and "_bureau" not in request.fixturenames:
        request.getfixturevalue("_django_db_helper")


@pytest.fixture(scope="module")
def _bureau(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, browser: Any, axe: Callable[..., list[str]], tmp_path_factory: pytest.TempPathFactory
) -> Generator[Bureau]:
    """The office of the journeys of a file, served once for all of them. The database is made before the browser's loop runs in this thread."""
    with django_db_blocker.unblock(), override_settings(MEDIA_URL=NOT_SERVED):
        try:
            with (
                served() as address,
                pages(browser, address) as open_page,
                made_bureau(tmp_path_factory.mktemp("documents"), open_page, axe) as bureau,
            ):
                yield bureau
        finally:
            remove_triggers()
            emptied()


@pytest.fixture
def bureau(_bureau: Bureau) -> Generator[Bureau]:
    """The office of the journeys, with nobody at a desk."""
    yield _bureau
    _bureau.rise()
