#!/usr/bin/env python3
"""PyPI openai against the gateway: synchronous and asynchronous, both APIs. Every call meets a dead key first."""

import asyncio
import time
import unittest

import openai
import pydantic

from support.gateway import Gateway, Upstreams


class Weather(pydantic.BaseModel):
    city: str
    degrees: int


def asked(content):
    return [{"role": "user", "content": content}]


PARAMETERS = {"type": "object", "properties": {"location": {"type": "string"}}, "required": ["location"], "additionalProperties": False}
TOOL = {"type": "function", "function": {"name": "get_weather", "strict": True, "parameters": PARAMETERS}}
FUNCTION = {"type": "function", "name": "get_weather", "strict": True, "parameters": PARAMETERS}
COUNT = "one two three four five six seven eight nine ten"


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.upstreams = Upstreams()
        cls.addClassCleanup(cls.upstreams.close)
        cls.gateway = Gateway(cls.upstreams)
        cls.addClassCleanup(cls.gateway.close)
        cls.client = openai.OpenAI(base_url=cls.gateway.origin + "/v1", api_key="nobody-asks-for-it", max_retries=0)
        cls.addClassCleanup(cls.client.close)

    def raises(self, kind, call):
        with self.assertRaises(kind) as caught:
            call()
        return caught.exception


class Chat(Case):
    def create(self, **more):
        return self.client.chat.completions.create(**{"model": "chat", "messages": asked("hello"), **more})

    def test_a_completion_comes_over_the_fallback(self):
        raw = self.client.chat.completions.with_raw_response.create(model="chat", messages=asked("hello"))
        self.assertEqual(raw.parse().choices[0].message.content, "Hi there")
        self.assertEqual((raw.headers["belay-provider"], raw.headers["belay-attempts"], raw.headers["belay-reason"]), ("mock", "2", "auth_rejected"))

    def test_a_stream_has_every_piece(self):
        with self.create(messages=asked("count"), stream=True, stream_options={"include_usage": True}) as stream:
            chunks = list(stream)
        self.assertEqual("".join(c.choices[0].delta.content or "" for c in chunks if c.choices), COUNT)
        self.assertEqual(chunks[-1].usage.total_tokens, 30)

    def test_tools_over_two_turns_streamed(self):
        messages = asked("weather in Oslo")
        with self.client.chat.completions.stream(model="chat", messages=messages, tools=[TOOL]) as stream:
            first = stream.get_final_completion().choices[0].message
        self.assertEqual([(c.function.name, c.function.parsed_arguments) for c in first.tool_calls], [("get_weather", {"location": "Oslo"})])
        messages += [
            {
                "role": "assistant",
                "tool_calls": [
                    {"id": c.id, "type": "function", "function": {"name": c.function.name, "arguments": c.function.arguments}}
                    for c in first.tool_calls
                ],
            },
            {"role": "tool", "tool_call_id": first.tool_calls[0].id, "content": "7"},
        ]
        self.assertEqual(self.create(messages=messages, tools=[TOOL]).choices[0].message.content, "It is 7 degrees in Oslo.")

    def test_structured_output_is_parsed(self):
        answer = self.client.chat.completions.parse(model="chat", messages=asked("as JSON"), response_format=Weather)
        self.assertEqual(answer.choices[0].message.parsed, Weather(city="Oslo", degrees=7))

    def test_embeddings_and_models(self):
        self.assertEqual(self.client.embeddings.create(model="embed", input="embed me", encoding_format="float").data[0].embedding, [0.25, -0.5, 1])
        self.assertIn("chat", [model.id for model in self.client.models.list()])
        self.assertEqual(self.client.models.retrieve("mock/gpt-mock").owned_by, "mock")

    def test_the_fallback_before_content_is_invisible(self):
        for route in "cut-before-content", "error-before-content":
            with self.create(model=route, stream=True) as stream:
                self.assertEqual("".join(c.choices[0].delta.content or "" for c in stream if c.choices), "Hi there")

    def test_a_failure_after_content_raises(self):
        for route in "cut-after-content", "ends-after-content", "error-after-content":
            text = ""
            with self.subTest(route), self.assertRaises(openai.APIError):
                for chunk in self.create(model=route, stream=True):
                    text += chunk.choices[0].delta.content or ""
            self.assertEqual(text, "one two ")

    def test_errors_are_typed(self):
        for model, kind, code in [
            ("all-dead", openai.InternalServerError, "auth_rejected"),
            ("no-such-model", openai.NotFoundError, "model_unavailable"),
            ("bad", openai.BadRequestError, "bad_request"),
            ("rate", openai.RateLimitError, "rate_limited"),
        ]:
            error = self.raises(kind, lambda model=model: self.create(model=model))
            self.assertEqual(error.code, code, model)
        self.assertGreaterEqual(int(error.response.headers["retry-after"]), 1)

    def test_the_sdk_retries_when_the_gateway_says_so(self):
        self.upstreams.control("forget", "POST")
        began = time.monotonic()
        answer = self.client.with_options(max_retries=1).chat.completions.create(model="rate-once", messages=asked("hello"))
        self.assertEqual(answer.choices[0].message.content, "now then")
        self.assertGreaterEqual(time.monotonic() - began, 1.9)

    def test_a_stream_that_is_left_ends_its_upstream_at_once(self):
        self.upstreams.control("forget", "POST")
        stream = self.create(model="endless", stream=True)
        pieces = iter(stream)
        for _ in range(3):
            next(pieces)
        stream.close()
        self.assertEqual(self.upstreams.control("closed?model=endless")["model"], "endless")


class Responses(Case):
    def create(self, **more):
        return self.client.responses.create(**{"model": "chat", "input": "hello", **more})

    def test_a_response_comes_over_the_fallback(self):
        answer = self.create()
        self.assertEqual((answer.output_text, answer.status, answer.usage.total_tokens), ("Hi there", "completed", 30))

    def test_a_stream_ends_in_the_whole_response(self):
        with self.client.responses.stream(model="chat", input="count") as stream:
            text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
            self.assertEqual((text, stream.get_final_response().output_text), (COUNT, COUNT))

    def test_functions_over_two_turns_streamed(self):
        turn = asked("two cities")
        with self.client.responses.stream(model="chat", input=turn, tools=[FUNCTION]) as stream:
            first = stream.get_final_response()
        calls = [one for one in first.output if one.type == "function_call"]
        self.assertEqual([one.parsed_arguments["location"] for one in calls], ["Oslo", "Rome"])
        turn += [{"type": "function_call", "call_id": one.call_id, "name": one.name, "arguments": one.arguments} for one in calls]
        turn += [{"type": "function_call_output", "call_id": one.call_id, "output": "7"} for one in calls]
        self.assertEqual(self.create(input=turn, tools=[FUNCTION]).output_text, "Rome is warmer.")

    def test_structured_output_is_parsed(self):
        answer = self.client.responses.parse(model="chat", input="as JSON", text_format=Weather)
        self.assertEqual(answer.output_parsed, Weather(city="Oslo", degrees=7))

    def test_a_failure_after_content_is_never_a_clean_end(self):
        for route in "cut-after-content", "ends-after-content", "error-after-content":
            types, raised = [], None
            try:
                for event in self.create(model=route, stream=True):
                    types.append(event.type)
            except openai.APIError as error:
                raised = error
            self.assertIn("response.output_text.delta", types)
            self.assertNotIn("response.completed", types)
            self.assertTrue(raised is not None or types[-1] == "response.failed", f"{route}: {types}")

    def test_errors_are_typed(self):
        for model, kind in [
            ("all-dead", openai.InternalServerError),
            ("no-such-model", openai.NotFoundError),
            ("bad", openai.BadRequestError),
            ("rate", openai.RateLimitError),
        ]:
            self.raises(kind, lambda model=model: self.create(model=model))


class Asynchronous(Case):
    def test_fifty_calls_at_once_are_all_answered(self):
        async def all_of_them():
            async with openai.AsyncOpenAI(base_url=self.gateway.origin + "/v1", api_key="x", max_retries=0) as client:

                async def one(i):
                    if i % 2:
                        return (await client.chat.completions.create(model="chat", messages=asked("count"))).choices[0].message.content
                    stream = await client.chat.completions.create(model="chat", messages=asked("count"), stream=True)
                    return "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])

                return await asyncio.gather(*(one(i) for i in range(50)))

        self.assertEqual(set(asyncio.run(all_of_them())), {COUNT})


if __name__ == "__main__":
    unittest.main()
