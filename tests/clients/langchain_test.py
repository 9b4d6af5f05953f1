#!/usr/bin/env python3
"""PyPI langchain-openai against the gateway, by Chat Completions and by Responses. Every call meets a dead key first."""

import unittest

import openai
import pydantic
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

from support.gateway import Gateway, Upstreams


class Weather(pydantic.BaseModel):
    """The weather of a place."""

    city: str
    degrees: int


@tool
def get_weather(location: str) -> str:
    """The weather of a place."""
    return "7"


class Langchain(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.upstreams = Upstreams()
        cls.addClassCleanup(cls.upstreams.close)
        cls.gateway = Gateway(cls.upstreams)
        cls.addClassCleanup(cls.gateway.close)

    def models(self, name):
        """By both APIs."""
        return [
            ChatOpenAI(model=name, base_url=self.gateway.origin + "/v1", api_key="nobody-asks-for-it", max_retries=0, use_responses_api=api)
            for api in (False, True)
        ]

    def test_invoke(self):
        for model in self.models("chat"):
            answer = model.invoke("hello")
            self.assertEqual((answer.text, answer.usage_metadata["total_tokens"]), ("Hi there", 30))

    def test_stream(self):
        for model in self.models("chat"):
            self.assertEqual("".join(piece.text for piece in model.stream("count")), "one two three four five six seven eight nine ten")

    def test_tools_over_two_turns(self):
        for model in self.models("chat"):
            bound = model.bind_tools([get_weather])
            asked = HumanMessage("weather in Oslo")
            first = bound.invoke([asked])
            self.assertEqual([(one["name"], one["args"]) for one in first.tool_calls], [("get_weather", {"location": "Oslo"})])
            second = bound.invoke([asked, first, ToolMessage("7", tool_call_id=first.tool_calls[0]["id"])])
            self.assertEqual(second.text, "It is 7 degrees in Oslo.")

    def test_structured_output(self):
        for model in self.models("chat"):
            self.assertEqual(model.with_structured_output(Weather, method="json_schema").invoke("as JSON"), Weather(city="Oslo", degrees=7))

    def test_a_failure_after_content_raises(self):
        for route in "cut-after-content", "error-after-content":
            for model in self.models(route):
                text = ""
                with self.assertRaises(Exception):
                    for piece in model.stream("hello"):
                        text += piece.text
                self.assertEqual(text, "one two ")

    def test_errors_are_typed(self):
        for name, kind in [
            ("all-dead", openai.InternalServerError),
            ("no-such-model", openai.NotFoundError),
            ("bad", openai.BadRequestError),
            ("rate", openai.RateLimitError),
        ]:
            for model in self.models(name):
                with self.assertRaises(kind):
                    model.invoke("hello")

    def test_embeddings(self):
        model = OpenAIEmbeddings(
            model="embed",
            base_url=self.gateway.origin + "/v1",
            api_key="x",
            max_retries=0,
            check_embedding_ctx_length=False,
            model_kwargs={"encoding_format": "float"},
        )
        self.assertEqual(model.embed_query("embed me"), [0.25, -0.5, 1])


if __name__ == "__main__":
    unittest.main()
