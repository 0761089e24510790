import { writeCsv } from './csv.ts'
import type { ExportTable } from './guard.ts'
import { writeXlsx } from './xlsx.ts'

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/**
 * The answer that saves a table as a file. It is complete when this returns, because the rows come from the
 * request's transaction.
 */
export async function download(table: ExportTable, format: 'csv' | 'xlsx', fileName: string): Promise<Response> {
  const chunks: Uint8Array[] = []
  for await (const chunk of format === 'csv' ? writeCsv(table) : writeXlsx(table)) chunks.push(chunk)
  return new Response(new Uint8Array(Buffer.concat(chunks)), {
    headers: {
      'Content-Type': TYPES[format],
      // RFC 6266: browsers take the second, Cyrillic name.
      'Content-Disposition': `attachment; filename="${asciiName(fileName)}.${format}"; filename*=UTF-8''${encodeName(fileName)}.${format}`,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
  })
}

const asciiName = (name: string) => name.replace(/[^\w.-]+/g, '_').slice(0, 80)
const encodeName = (name: string) =>
  encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
