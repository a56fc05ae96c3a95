"""migrate, prepare (a queue, a member of staff, a session: prints its keys) and fill N."""

import sys

import django
from django.core.management import execute_from_command_line


def prepare() -> None:
    from django.contrib.auth import get_user_model
    from django.contrib.sessions.backends.db import SessionStore
    from helpdesk.models import Queue

    user = get_user_model().objects.create_superuser("staff", "staff@people.example", "not-a-real-secret")
    Queue.objects.create(title="Disputes", slug="disputes")
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    sys.stdout.write(f"{session.session_key} {'a' * 32}\n")


def fill(count: int) -> None:
    from helpdesk.models import Queue, Ticket

    queue = Queue.objects.get()
    for start in range(0, count, 5000):
        Ticket.objects.bulk_create(
            Ticket(
                title=f"ticket {start + number}", queue=queue, description="broken", submitter_email="b@people.example"
            )
            for number in range(min(5000, count - start))
        )


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "prepare":
        prepare()
    elif sys.argv[1] == "fill":
        fill(int(sys.argv[2]))
    else:
        execute_from_command_line(sys.argv)
