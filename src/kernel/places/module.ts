import { defineModule } from '../module.ts'
import { loadPlaces } from './load.ts'

export const placesPart = defineModule({
  name: 'places',
  reference: async (db) => {
    await loadPlaces(db)
  },
})
