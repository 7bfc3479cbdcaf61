"""The pages of dispatch, as a table of contents, and what its templates call things."""

from yuantou.coordination.dispatching import act_pages, duty_pages, pages
from yuantou.coordination.dispatching.blueprint import blueprint
from yuantou.coordination.dispatching.proposals import proposed_owners
from yuantou.coordination.dispatching.words import body_name, span_words

blueprint.add_app_template_global(proposed_owners)
blueprint.add_app_template_filter(body_name)
blueprint.add_app_template_filter(span_words)
__all__ = ["act_pages", "blueprint", "duty_pages", "pages"]
