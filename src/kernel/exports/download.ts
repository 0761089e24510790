import { attachment } from '../files/response.ts'
import { writeCsv } from './csv.ts'
import type { ExportFormat } from './export.ts'
import type { ExportTable } from './guard.ts'
import { writeXlsx } from './xlsx.ts'

/** What a table is as a file. */
export const FILE_TYPES: Record<ExportFormat, string> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** A table as the bytes of a file, in chunks, as its rows are made. */
export const writeTable = (table: ExportTable, format: ExportFormat): AsyncGenerator<Uint8Array> =>
  format === 'csv' ? writeCsv(table) : writeXlsx(table)

/**
 * The answer that saves a table as a file. It is complete when this returns, because the rows come from the
 * request's transaction: for tables of a few thousand rows.
 */
export async function download(table: ExportTable, format: ExportFormat, fileName: string): Promise<Response> {
  const chunks = await Array.fromAsync(writeTable(table, format))
  return new Response(new Uint8Array(Buffer.concat(chunks)), {
    headers: attachment(FILE_TYPES[format], `${fileName}.${format}`),
  })
}
