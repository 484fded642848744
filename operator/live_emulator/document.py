"""What enters and leaves over HTTP as JSON: camelCase outside, checked once, frozen inside."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Document(BaseModel):
    """A frozen value; an unknown member is an error, so that a test's typo doesn't pass."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        extra="forbid",
        frozen=True,
    )

    @classmethod
    def read(cls, given: Any) -> Self:
        """From outside: in camelCase only, so that a name of ours isn't taken for a member."""
        return cls.model_validate(given, by_alias=True, by_name=False)

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)
