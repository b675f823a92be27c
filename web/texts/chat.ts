import { chatTexts } from '../shared/texts/chat.ts'
import { inLanguage, language } from './language.ts'

const own = inLanguage({
  en: {
    choose: 'Choose a conversation',
    chooseWhy: 'Its messages are shown here.',
    new: 'New conversation',
    newTitle: 'Talk to a colleague',
    talk: 'Talk to support',
    emptyWhyDesk: 'Write to us, and we answer here.',
    find: 'Name of a colleague',
    nobody: 'Nobody is called that',
    lost: (names: string) => `This device no longer has what you had chosen: ${names}. Choose it again.`,
  },
  vi: {
    choose: 'Chọn một cuộc trò chuyện',
    chooseWhy: 'Tin nhắn sẽ hiện ở đây.',
    new: 'Cuộc trò chuyện mới',
    newTitle: 'Trò chuyện với đồng nghiệp',
    talk: 'Nhắn cho hỗ trợ',
    emptyWhyDesk: 'Hãy nhắn cho chúng tôi, câu trả lời sẽ hiện ở đây.',
    find: 'Tên đồng nghiệp',
    nobody: 'Không có ai tên như vậy',
    lost: (names) => `Thiết bị không còn giữ tệp bạn đã chọn: ${names}. Hãy chọn lại.`,
  },
})

export const chatText = { ...chatTexts[language], ...own }
