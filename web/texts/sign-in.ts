// What is said to whoever is not signed in.

import { inLanguage } from './language.ts'

export const signInText = inLanguage({
  en: {
    title: 'Sign in',
    emailOrPhone: 'E-mail or phone',
    password: 'Password',
    submit: 'Sign in',
    busy: 'Signing in…',
    forgot: 'Forgotten your password?',
    with: (name: string) => `Sign in with ${name}`,
    organisation: 'Organisation',
    chooseTitle: 'Which organisation?',
    choose: 'Your address belongs to several. Choose the one to sign in to.',
    codeTitle: 'One more step',
    code: 'Code of your app, or a recovery code',
    codeSubmit: 'Continue',
    back: 'Back',
    enrol: 'Set up the second factor',
    enrolWhy:
      'Your organisation asks for a second factor, and you have none yet. Set it up, then sign in here.',
    wrong: 'That did not match. Check the address and the password.',
    wrongCode: 'That code does not fit. Codes change every 30 seconds.',
  },
  vi: {
    title: 'Đăng nhập',
    emailOrPhone: 'E-mail hoặc số điện thoại',
    password: 'Mật khẩu',
    submit: 'Đăng nhập',
    busy: 'Đang đăng nhập…',
    forgot: 'Quên mật khẩu?',
    with: (name) => `Đăng nhập bằng ${name}`,
    organisation: 'Tổ chức',
    chooseTitle: 'Tổ chức nào?',
    choose: 'Địa chỉ của bạn thuộc nhiều tổ chức. Hãy chọn nơi muốn đăng nhập.',
    codeTitle: 'Thêm một bước nữa',
    code: 'Mã trong ứng dụng xác thực, hoặc mã khôi phục',
    codeSubmit: 'Tiếp tục',
    back: 'Quay lại',
    enrol: 'Thiết lập xác thực hai lớp',
    enrolWhy: 'Tổ chức yêu cầu xác thực hai lớp và bạn chưa có. Hãy thiết lập, rồi đăng nhập tại đây.',
    wrong: 'Không khớp. Hãy kiểm tra lại địa chỉ và mật khẩu.',
    wrongCode: 'Mã không đúng. Mã thay đổi sau mỗi 30 giây.',
  },
})
