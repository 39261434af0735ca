import assert from 'node:assert/strict'
import test from 'node:test'
import { Type } from 'typebox'
import { describeConfig } from '../src/index.ts'

test('a schema is described as a Markdown table in its own order', () => {
  const schema = Type.Object({
    URL: Type.String({ description: 'Where a | stands.' }),
    COUNT: Type.Integer({ minimum: 1, default: 3, description: 'How many.' }),
    PORT: Type.Integer({ minimum: 1, maximum: 65_535, default: 8080, description: 'Which port.' }),
    MODE: Type.Union([Type.Literal('a'), Type.Literal('b')], { default: 'a', description: 'How.' }),
    LIST: Type.Array(Type.String(), { default: [], description: 'Several.' }),
    KEYS: Type.Object({}, { description: 'Keys.' }),
    LOUD: Type.Optional(Type.Boolean({ description: 'Whether.' })),
  })

  assert.equal(
    describeConfig(schema),
    `| Variable | Type | Default | Meaning |
| --- | --- | --- | --- |
| \`URL\` | string | **required** | Where a \\| stands. |
| \`COUNT\` | integer, at least 1 | \`3\` | How many. |
| \`PORT\` | integer, 1 to 65535 | \`8080\` | Which port. |
| \`MODE\` | \`a\` or \`b\` | \`a\` | How. |
| \`LIST\` | list, by commas | none | Several. |
| \`KEYS\` | JSON | **required** | Keys. |
| \`LOUD\` | \`true\` or \`false\` | none | Whether. |
`,
  )
})
