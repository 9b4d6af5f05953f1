#!/usr/bin/env python3
"""PyPI anthropic against the gateway, whose upstream speaks Chat Completions. Every call meets a dead key first."""

import unittest

import anthropic

from support.gateway import Gateway, Upstreams

TOOL = {"name": "get_weather", "description": "of a place", "input_schema": {"type": "object", "properties": {"location": {"type": "string"}}}}
COUNT = "one two three four five six seven eight nine ten"


def asked(content):
    return [{"role": "user", "content": content}]


class Messages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.upstreams = Upstreams()
        cls.addClassCleanup(cls.upstreams.close)
        cls.gateway = Gateway(cls.upstreams)
        cls.addClassCleanup(cls.gateway.close)
        cls.client = anthropic.Anthropic(base_url=cls.gateway.origin, api_key="nobody-asks-for-it", max_retries=0)
        cls.addClassCleanup(cls.client.close)

    def create(self, **more):
        return self.client.messages.create(**{"model": "chat", "max_tokens": 100, "messages": asked("hello"), **more})

    def test_a_message_comes_over_the_fallback(self):
        answer = self.create(system="be short")
        self.assertEqual(([block.text for block in answer.content], answer.stop_reason), (["Hi there"], "end_turn"))
        self.assertEqual((answer.usage.input_tokens, answer.usage.output_tokens), (21, 9))

    def test_a_stream_ends_in_the_whole_message(self):
        with self.client.messages.stream(model="chat", max_tokens=100, messages=asked("count")) as stream:
            text = "".join(stream.text_stream)
            self.assertEqual((text, stream.get_final_message().content[0].text), (COUNT, COUNT))

    def test_tools_over_two_turns_streamed(self):
        messages = asked("two cities")
        with self.client.messages.stream(model="chat", max_tokens=100, messages=messages, tools=[TOOL]) as stream:
            first = stream.get_final_message()
        uses = [block for block in first.content if block.type == "tool_use"]
        self.assertEqual(([one.input for one in uses], first.stop_reason), ([{"location": "Oslo"}, {"location": "Rome"}], "tool_use"))
        messages += [
            {"role": "assistant", "content": first.content},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": one.id, "content": "7"} for one in uses]},
        ]
        self.assertEqual(self.create(messages=messages, tools=[TOOL]).content[0].text, "Rome is warmer.")

    def test_counting_tokens_is_refused_honestly(self):
        with self.assertRaises(anthropic.APIStatusError) as caught:
            self.client.messages.count_tokens(model="chat", messages=asked("hello"))
        self.assertIn(caught.exception.status_code, (400, 404))  # no retry helps

    def test_the_fallback_before_content_is_invisible(self):
        with self.client.messages.stream(model="cut-before-content", max_tokens=100, messages=asked("hello")) as stream:
            self.assertEqual(stream.get_final_text(), "Hi there")

    def test_a_failure_after_content_raises(self):
        for route in "cut-after-content", "ends-after-content", "error-after-content":
            types = []
            with self.subTest(route), self.assertRaises(anthropic.APIError):
                for event in self.create(model=route, stream=True):
                    types.append(event.type)
            self.assertIn("content_block_delta", types)
            self.assertNotIn("message_stop", types)

    def test_errors_are_typed(self):
        for model, kind in [
            ("all-dead", anthropic.InternalServerError),
            ("no-such-model", anthropic.NotFoundError),
            ("bad", anthropic.BadRequestError),
            ("rate", anthropic.RateLimitError),
        ]:
            with self.subTest(model), self.assertRaises(kind):
                self.create(model=model)

    def test_a_stream_that_is_left_ends_its_upstream_at_once(self):
        self.upstreams.control("forget", "POST")
        stream = self.create(model="endless", stream=True)
        events = iter(stream)
        while next(events).type != "content_block_delta":
            pass
        stream.close()
        self.assertEqual(self.upstreams.control("closed?model=endless")["model"], "endless")


if __name__ == "__main__":
    unittest.main()
