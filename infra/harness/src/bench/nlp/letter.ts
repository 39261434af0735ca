const once = `Hello, my name is Ada and I have been a customer of yours for almost seven years. On 24 November I ordered \
a coffee machine and two boxes of filters from your shop, order #48213, and I paid $249.99 by card on the same day. Your mail said that \
the parcel would be here by Monday at the latest. On Monday I took the day off and waited from eight in the morning until nine in the \
evening, but the courier never came. The tracking page has said "out for delivery" ever since. I called the carrier on Tuesday, and a \
very friendly person told me that the package had been handed to a neighbour. I have asked all of my neighbours, on both sides of the \
street, and nobody has seen it. On Wednesday I wrote to you by mail and got an automatic answer, which told me that somebody would look \
into it within two days. That was last week. I am really annoyed by now, because the machine was meant to be a present for my mother, \
and her birthday is on Saturday. I do not want another automatic answer. Could you please find out where my parcel is, and tell me \
whether it will arrive before the weekend? If it is lost, I would like you to send another one by express, to my office instead of my \
flat, because there is always somebody at the front desk until 6pm. If that is not possible, then I would rather have my money back and \
buy the machine elsewhere, although I have always been happy with your service until now. You can reach me at ada@example.com or by \
phone in the afternoon. I have attached the receipt and a picture of the tracking page. Thank you very much for your help, and I hope to \
hear from you soon. Kind regards, Ada`

/**
 * What a customer sends who has something to say and has said it before: 3,500 characters, some milliseconds
 * of work.
 */
export const letter = `${once}\n\nPS. This is what I have written to you last week:\n\n${once}`
