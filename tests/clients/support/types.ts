// What the gateway's replies must be, told by the official SDKs' own types; support/schemas.mjs makes a JSON Schema of each.
import type Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';

export type ChatReply = OpenAI.ChatCompletion;
export type ChatEvent = OpenAI.ChatCompletionChunk;
export type ResponsesReply = OpenAI.Responses.Response;
export type ResponsesEvent = OpenAI.Responses.ResponseStreamEvent;
export type EmbeddingsReply = OpenAI.CreateEmbeddingResponse;
export type ModelReply = OpenAI.Model;
export type ModelsReply = { object: 'list'; data: OpenAI.Model[] };
export type OpenAIFailure = { error: OpenAI.ErrorObject };

export type MessagesReply = Anthropic.Message;
export type MessagesEvent = Anthropic.RawMessageStreamEvent;
export type CountReply = Anthropic.MessageTokensCount;
export type AnthropicModelReply = Anthropic.ModelInfo;
export type AnthropicModelsReply = { data: Anthropic.ModelInfo[]; has_more: boolean; first_id: string | null; last_id: string | null };
export type AnthropicFailure = Anthropic.ErrorResponse;
