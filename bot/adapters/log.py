"""The Notifier port while no webhook is configured: the operators' log."""

import structlog

log = structlog.get_logger()


class LogNotifier:
    """Writes alarms where an operator looks."""

    async def alarm(self, text: str) -> None:
        """Log that somebody is wanted."""
        log.critical("alarm", trouble=text)
