// Notifications about bookings and trips.

import type { CatalogueEntry } from './entry.ts'

export const BOOKINGS_CATALOGUE = {
  BOOKING_CC_NOTIFICATION: {
    category: 'booking',
    priority: 'low',
    vi: {
      title: 'Để bạn biết: {requester} đặt chỗ ngày {date} ({code})',
      message: '{requester} đã đặt {code} cho ngày {date}. Bạn không cần làm gì.\n{details}',
    },
    en: {
      title: 'For your information: {requester} booked for {date} ({code})',
      message: '{requester} booked {code} for {date}. Nothing is asked of you.\n{details}',
    },
  },
  BOOKING_APPROVED: {
    category: 'booking',
    priority: 'medium',
    vi: {
      title: 'Đặt chỗ đã được duyệt: {code}, {date}',
      message:
        '{code} ngày {date} {decidedBy, select, expiry {được tự động duyệt vì đã quá hạn.} policy {được duyệt theo quy định.} other {đã được duyệt.}}',
    },
    en: {
      title: 'Your booking was approved: {code}, {date}',
      message:
        '{code} on {date} {decidedBy, select, expiry {was approved automatically, as nobody decided in time.} policy {was approved by policy.} other {was approved.}}',
    },
  },
  BOOKING_REJECTED: {
    category: 'booking',
    priority: 'high',
    vi: {
      title: 'Đặt chỗ bị từ chối: {code}, {date}',
      message: '{code} ngày {date} đã bị từ chối. Lý do: {reason}',
    },
    en: {
      title: 'Your booking was rejected: {code}, {date}',
      message: '{code} on {date} was rejected. Reason: {reason}',
    },
  },
  BOOKING_CONFIRMED: {
    category: 'booking',
    priority: 'medium',
    vi: {
      title: 'Đặt chỗ đã được xác nhận: {code}, {date}',
      message: '{code} ngày {date} lúc {time} đã được xác nhận.',
    },
    en: {
      title: 'Your booking is confirmed: {code}, {date}',
      message: '{code} on {date} at {time} is confirmed.',
    },
  },
  BOOKING_ASSIGNED: {
    category: 'booking',
    priority: 'medium',
    vi: {
      title: 'Đã phân công chuyến đi: {code}, {date}',
      message: '{code} ngày {date} lúc {time}: {resource}, tài xế {driver}.',
    },
    en: {
      title: 'A trip was assigned: {code}, {date}',
      message: '{code} on {date} at {time}: {resource}, driven by {driver}.',
    },
  },
  BOOKING_WAITING: {
    category: 'booking',
    priority: 'medium',
    vi: {
      title: 'Chưa có phương tiện trống: {code}, {date}',
      message: '{code} ngày {date} lúc {time} đang xếp hàng chờ. Bạn sẽ được báo khi có phương tiện trống.',
    },
    en: {
      title: 'Nothing is free yet: {code}, {date}',
      message: '{code} on {date} at {time} stands in line. You are told when something comes free.',
    },
  },
  RESOURCE_FREE: {
    category: 'booking',
    priority: 'high',
    settledBy: ['assignment'],
    vi: {
      title: '{resource} đã trống cho {code}, {date}',
      message: '{code} ngày {date} lúc {time} đứng đầu hàng chờ, và {resource} nay đã trống vào giờ đó.',
    },
    en: {
      title: '{resource} is free for {code}, {date}',
      message: '{code} on {date} at {time} is first in line, and {resource} is free at that time now.',
    },
  },
  BOOKING_REASSIGNED: {
    category: 'booking',
    priority: 'high',
    vi: {
      title: 'Chuyến đi đã đổi xe hoặc tài xế: {code}, {date}',
      message: '{code} ngày {date} lúc {time} nay là {resource}, tài xế {driver}. Lý do: {reason}',
    },
    en: {
      title: 'A trip has another vehicle or driver: {code}, {date}',
      message: '{code} on {date} at {time} is now served by {resource}, driven by {driver}. Reason: {reason}',
    },
  },
  BOOKING_CHANGED: {
    category: 'booking',
    priority: 'medium',
    vi: {
      title: 'Đặt chỗ đã thay đổi',
      message: '{code} nay là ngày {date} lúc {time}. Xem chi tiết trong ứng dụng.',
    },
    en: {
      title: 'A booking was changed',
      message: '{code} is now on {date} at {time}. The booking shows the rest.',
    },
  },
  BOOKING_UNASSIGNED: {
    category: 'booking',
    priority: 'high',
    vi: {
      title: 'Chuyến đi cần phân công lại: {code}, {date}',
      message: '{code} ngày {date} lúc {time}: {subject} không phục vụ được nữa. Điều phối đang sắp xếp lại.',
    },
    en: {
      title: 'A trip has to be assigned anew: {code}, {date}',
      message:
        '{code} on {date} at {time}: {subject} cannot serve it any more. The dispatchers are looking for a replacement.',
    },
  },
  TRIPS_UNASSIGNED: {
    category: 'booking',
    priority: 'high',
    settledBy: ['assignment'],
    vi: {
      title: '{number} chuyến đi chờ phân công lại',
      message: '{subject} không phục vụ được nữa: {text}',
    },
    en: {
      title: 'Trips to be assigned anew: {number}',
      message: '{subject} cannot serve them any more: {text}',
    },
  },
  TRIP_INTERRUPTED: {
    category: 'booking',
    priority: 'high',
    settledBy: ['assignment'],
    vi: {
      title: 'Chuyến đang chạy cần người lo: {code}',
      message:
        '{code} đang trên đường mà {subject} không phục vụ được nữa. Chuyến vẫn chạy cho đến khi điều phối đổi xe hay tài xế, hoàn thành hoặc hủy.',
    },
    en: {
      title: 'A trip under way needs help: {code}',
      message:
        '{code} is under way, and {subject} cannot serve it any more. It goes on until the dispatchers give it another vehicle or driver, complete it or cancel it.',
    },
  },
  REQUESTER_LEFT: {
    category: 'booking',
    priority: 'medium',
    settledBy: ['review'],
    vi: {
      title: 'Người đặt {number} chuyến đi đã nghỉ',
      message: '{subject} không còn ở tổ chức. Xem còn cần không: {text}',
    },
    en: {
      title: 'Whoever booked has left: {number} coming bookings',
      message: '{subject} has left. See whether they are still needed: {text}',
    },
  },
  VEHICLE_ARRIVING: {
    category: 'booking',
    priority: 'high',
    vi: { title: 'Xe sắp đến: {code}', message: 'Xe cho {code} đang đến chỗ bạn.' },
    en: {
      title: 'Your vehicle is arriving: {code}',
      message: 'The vehicle for {code} is on its way to you.',
    },
  },
  TRIP_STARTED: {
    category: 'booking',
    priority: 'low',
    vi: { title: 'Chuyến đi đã bắt đầu: {code}', message: '{code} đã khởi hành.' },
    en: { title: 'The trip has started: {code}', message: '{code} is on its way.' },
  },
  TRIP_COMPLETED: {
    category: 'booking',
    priority: 'low',
    vi: { title: 'Chuyến đi đã hoàn thành: {code}', message: '{code} đã kết thúc.' },
    en: { title: 'The trip is completed: {code}', message: '{code} has come to its end.' },
  },
  BOOKING_REDIRECTED: {
    category: 'booking',
    priority: 'medium',
    vi: {
      title: 'Đặt chỗ chuyển sang dịch vụ ngoài: {code}, {date}',
      message: '{code} ngày {date} sẽ do đơn vị bên ngoài phục vụ.',
    },
    en: {
      title: 'Your booking goes to an outside service: {code}, {date}',
      message: '{code} on {date} will be served by somebody outside.',
    },
  },
  BOOKING_CANCELLED: {
    category: 'booking',
    priority: 'high',
    vi: {
      title: 'Đặt chỗ đã bị hủy: {code}, {date}',
      message:
        '{code} ngày {date} đã bị hủy: {reason, select, USER_REQUEST {theo yêu cầu của người đặt} MANAGER_REJECTED {quản lý từ chối} APPROVAL_EXPIRED {không ai duyệt đúng hạn} NO_VEHICLE_AVAILABLE {không còn xe} NO_DRIVER_AVAILABLE {không còn tài xế} QUOTA_EXCEEDED {vượt định mức} VEHICLE_BREAKDOWN {xe gặp sự cố} SCHEDULE_CONFLICT {trùng lịch} WEATHER {thời tiết} EMERGENCY {tình huống khẩn cấp} DUPLICATE {đặt trùng} other {lý do khác}}.',
    },
    en: {
      title: 'A booking was cancelled: {code}, {date}',
      message:
        '{code} on {date} was cancelled: {reason, select, USER_REQUEST {the requester asked for it} MANAGER_REJECTED {the manager rejected it} APPROVAL_EXPIRED {nobody decided in time} NO_VEHICLE_AVAILABLE {no vehicle is free} NO_DRIVER_AVAILABLE {no driver is free} QUOTA_EXCEEDED {the quota is used up} VEHICLE_BREAKDOWN {the vehicle broke down} SCHEDULE_CONFLICT {the schedule does not allow it} WEATHER {weather} EMERGENCY {an emergency} DUPLICATE {it was booked twice} other {another reason}}.',
    },
  },
} as const satisfies Record<string, CatalogueEntry>
