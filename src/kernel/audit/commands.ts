import { z } from 'zod'
import { defineCommand } from '../cli/command.ts'
import { type Fault, verifyAudit } from './verify.ts'

const FAULTS: Record<Fault['kind'], string> = {
  altered: 'was altered',
  missing: 'is missing',
  reordered: 'stands in another place',
  added: 'was added beside the usual way',
  anchor: 'is not the one that was noted: the chain was written anew',
}

/** Proves that no line of the audit was changed, removed or moved since it was sealed. */
export const auditVerifyCommand = defineCommand({
  name: 'audit verify',
  summary: 'Check the chain of audit lines; exit code 1 names the first line that is wrong',
  input: z.object({
    anchor: z
      .string()
      .regex(/^\d{1,18}:[0-9a-f]{64}$/)
      .transform((text) => ({ line: BigInt(text.split(':')[0]!), hash: text.split(':')[1]! }))
      .optional()
      .describe('LINE:HASH of an earlier check: shows that the end was not cut off'),
  }),
  needs: 'database',
  async run(ctx, { anchor }, out) {
    const { ok, sealed, head, tail, fault } = await verifyAudit(ctx.db, anchor)
    const line = fault?.line?.toString() ?? null
    const entry = fault?.entry_id?.toString() ?? null
    if (fault) {
      out.print(
        `${line ? `Line ${line}` : 'An unsealed line'}${entry ? ` (entry ${entry})` : ''} ${FAULTS[fault.kind]}.`,
      )
    }
    out.print(
      `${ok ? 'Sound' : 'Sound only'} up to line ${sealed}. Note this for the next check: --anchor ${sealed}:${head}`,
    )
    out.print(tail.lines > 0 ? `${tail.lines} not sealed yet, the oldest of ${tail.oldest}.` : 'Every line is sealed.')
    out.result({
      ok,
      sealed: sealed.toString(),
      head,
      tail: { lines: tail.lines, oldest: tail.oldest?.toString() ?? null },
      fault: fault && { kind: fault.kind, line, entry },
    })
    return ok ? 0 : 1
  },
})
