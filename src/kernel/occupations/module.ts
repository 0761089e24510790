import { defineModule } from '../module.ts'
import { loadOccupations } from './load.ts'

export const occupationsPart = defineModule({
  name: 'occupations',
  reference: async (db) => {
    await loadOccupations(db)
  },
})
