// What whoever sends out vehicles has to do today.

import { inLanguage } from './language.ts'

export const dispatchText = inLanguage({
  en: {
    attention: 'Needs you now',
    lateStart: 'Should have begun by now',
    lateEnd: 'Should be back by now',
    clash: (name: string) => `${name}: two trips at once`,
    and: 'and',
    waiting: 'To be assigned',
    nothingWaits: 'Every trip has its vehicle',
    nothingWaitsWhy: 'What is approved, and has no vehicle yet, appears here by itself.',
    overdue: 'should have begun',
    noneFree: 'nothing was free',
    today: 'Today',
    nothingToday: 'No trips today',
    nothingTodayWhy: 'What is assigned for today stands here, with who drives.',
    grid: 'To the plan of the day',
    week: 'To the plan of the week',
    missing: 'Not all trips are shown.',
    more: (count: number) => `and ${count} more`,
  },
  vi: {
    attention: 'Cần xử lý ngay',
    lateStart: 'Lẽ ra đã khởi hành',
    lateEnd: 'Lẽ ra đã về',
    clash: (name) => `${name}: hai chuyến cùng lúc`,
    and: 'và',
    waiting: 'Chờ phân công',
    nothingWaits: 'Mọi chuyến đều đã có xe',
    nothingWaitsWhy: 'Chuyến đã duyệt mà chưa có xe sẽ tự hiện ở đây.',
    overdue: 'đã quá giờ đi',
    noneFree: 'chưa có xe trống',
    today: 'Hôm nay',
    nothingToday: 'Hôm nay không có chuyến nào',
    nothingTodayWhy: 'Chuyến được phân công cho hôm nay sẽ hiện ở đây, kèm tài xế.',
    grid: 'Xem lịch trong ngày',
    week: 'Xem lịch trong tuần',
    missing: 'Chưa hiện hết các chuyến.',
    more: (count) => `và ${count} chuyến nữa`,
  },
})
