// What is said in the day and the week of the fleet.

import { inLanguage } from './language.ts'

export const gridText = inLanguage({
  en: {
    vehicles: 'Vehicles',
    drivers: 'Drivers',
    unassigned: 'To be assigned',
    previous: 'Day before',
    next: 'Day after',
    today: 'Today',
    day: 'Day',
    free: 'Free all day',
    label: (code: string, from: string, until: string) => `${code}, ${from} to ${until}`,
    view: 'Shown at once',
    weekView: 'Week',
    week: (from: string, until: string) => `${from} – ${until}`,
    previousWeek: 'Week before',
    nextWeek: 'Week after',
    missing: {
      trips: 'Not all trips are shown.',
      vehicles: 'Not all vehicles are shown.',
      drivers: 'Not all drivers are shown.',
    },
  },
  vi: {
    vehicles: 'Xe',
    drivers: 'Tài xế',
    unassigned: 'Chờ phân công',
    previous: 'Ngày trước',
    next: 'Ngày sau',
    today: 'Hôm nay',
    day: 'Ngày',
    free: 'Trống cả ngày',
    label: (code, from, until) => `${code}, từ ${from} đến ${until}`,
    view: 'Xem theo',
    weekView: 'Tuần',
    week: (from, until) => `${from} – ${until}`,
    previousWeek: 'Tuần trước',
    nextWeek: 'Tuần sau',
    missing: {
      trips: 'Chưa hiện hết các chuyến.',
      vehicles: 'Chưa hiện hết các xe.',
      drivers: 'Chưa hiện hết tài xế.',
    },
  },
})
