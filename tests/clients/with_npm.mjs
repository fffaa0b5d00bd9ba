// The npm client, unmodified: `with_npm.mjs URL` fails with what the engine did wrong.
import assert from "node:assert";
import { createRequire } from "node:module";

const { Ollama } = createRequire(`${process.cwd()}/`)("ollama");
const client = new Ollama({ host: process.argv[2] });
const brief = { temperature: 0, num_predict: 8 };
const messages = [{ role: "user", content: "Hello" }];

const names = (await client.list()).models.map((model) => model.name);
assert(names.includes("tiny:latest"), `${names}`);
const shown = await client.show({ model: "tiny" });
assert.equal(shown.details.family, "llama");
assert.deepEqual(shown.capabilities, ["completion"]);

const whole = await client.chat({ model: "tiny", messages, options: brief });
assert.equal(whole.eval_count, 8);
let said = "";
for await (const part of await client.chat({ model: "tiny", messages, options: brief, stream: true })) {
  said += part.message.content;
}
assert.equal(said, whole.message.content);
const text = await client.generate({ model: "tiny", prompt: "Hello", options: brief });
assert.equal(text.response.length, 8);
assert.equal((await client.embed({ model: "tiny-embed", input: ["a", "b"] })).embeddings.length, 2);
assert((await client.ps()).models.length >= 2);

await client.create({ model: "made", from: "tiny", system: "Be kind." });
assert.equal((await client.show({ model: "made" })).system, "Be kind.");
await client.copy({ source: "made", destination: "copied" });
await client.delete({ model: "copied" });
await client.delete({ model: "made" });
await assert.rejects(client.show({ model: "made" }), /model 'made:latest' not found/);
await assert.rejects(client.pull({ model: "127.0.0.1:9/x/y", insecure: true }), /refused/);

const endless = await client.chat({ model: "tiny", messages, options: { num_predict: 100000 }, stream: true });
await assert.rejects(async () => {
  for await (const part of endless) if (part.message.content) endless.abort();
}, /abort/i);
