import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { defineModule } from '../module.ts'
import { problem } from '../problem.ts'
import { defineCommand } from './command.ts'
import { runCommandLine } from './run.ts'

const send = defineCommand({
  name: 'letters send',
  summary: 'Send a letter',
  input: z.object({
    to: z.email().describe('where it goes'),
    copies: z.coerce.number().int().max(9).default(1).describe('how many'),
    tag: z.array(z.string()).default([]),
    dry_run: z.boolean().default(false).describe('only say what would be done'),
  }),
  positionals: ['to'],
  needs: 'nothing',
  async run(_parts, input, out) {
    out.progress('on its way')
    out.print(`sent to ${input.to}`)
    out.result(input)
    return input.copies === 9 ? 1 : 0
  },
})
const fail = defineCommand({
  name: 'letters',
  summary: 'Break',
  needs: 'nothing',
  run: async () => {
    throw problem('not_found')
  },
})
const parts = [defineModule({ name: 'letters', commands: [send, fail] })]

async function call(...words: string[]) {
  const stdout = vi.spyOn(console, 'log').mockImplementation(() => {})
  const stderr = vi.spyOn(console, 'error').mockImplementation(() => {})
  const code = await runCommandLine(parts, words, {})
  const said = (spy: typeof stdout) => spy.mock.calls.map(([line]) => line).join('\n')
  const result = { code, out: said(stdout), err: said(stderr) }
  vi.restoreAllMocks()
  return result
}

test('words, options, flags and repeated options become the checked input', async () => {
  const { code, out, err } = await call(
    'letters',
    'send',
    'a@b.tj',
    '--copies',
    '3',
    '--tag=x',
    '--tag',
    'y',
    '--dry-run',
    '--json',
  )
  expect(code).toBe(0)
  expect(JSON.parse(out)).toEqual({ to: 'a@b.tj', copies: 3, tag: ['x', 'y'], dry_run: true })
  expect(err).toBe('on its way')
})

test('people read lines, machines JSON', async () => {
  expect((await call('letters', 'send', 'a@b.tj')).out).toBe('sent to a@b.tj')
  expect(await call('letters', 'send', 'a@b.tj', '--copies', '9')).toMatchObject({ code: 1 })
})

test.each([
  [['letters', 'send'], 'TO is missing'],
  [['letters', 'send', 'nobody'], 'TO: Invalid email'],
  [['letters', 'send', 'a@b.tj', '--copies', 'many'], '--copies: '],
  [['letters', 'send', 'a@b.tj', 'c@d.tj'], '"c@d.tj" is one word too many'],
  [['letters', 'send', 'a@b.tj', '--colour', 'red'], "Unknown option '--colour'"],
  [['stamps'], 'There is no command "stamps"'],
])('%o is called wrongly: exit code 2', async (words, sentence) => {
  const { code, out, err } = await call(...words)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(sentence)
  expect((await call(...words, '--json')).err).toContain('{"error":')
})

test('help: of all, of one; without a command it is the answer to a wrong call', async () => {
  const all = await call('--help')
  expect(all.code).toBe(0)
  expect(all.out).toMatch(/letters send +Send a letter/)
  expect((await call()).code).toBe(2)
  const one = (await call('letters', 'send', '--help')).out
  expect(one).toContain('letters send TO [OPTIONS]')
  expect(one).toMatch(/--dry-run +only say what would be done/)
})

test('a fault is exit code 1', async () => {
  expect((await call('letters')).code).toBe(1)
})
