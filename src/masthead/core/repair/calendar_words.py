"""Months and weekdays as six languages write them, with their abbreviations and cases."""

from __future__ import annotations

_MONTHS = """
january jan enero ene januar jänner jän janvier janv января январь янв يناير كانون_الثاني
february feb febrero februar feber février févr fevrier февраля февраль фев فبراير شباط
march mar marzo märz mär mars марта март مارس آذار
april apr abril abr avril avr апреля апрель апр أبريل ابريل إبريل نيسان
may mayo mai мая май مايو أيار
june jun junio juni juin июня июнь июн يونيو يونيه حزيران
july jul julio juli juillet juil июля июль июл يوليو يوليه تموز
august aug agosto ago août aout августа август авг أغسطس اغسطس آب
september sep sept septiembre setiembre septembre сентября сентябрь сен сент سبتمبر أيلول
october oct octubre oktober okt octobre октября октябрь окт أكتوبر اكتوبر تشرين_الأول
november nov noviembre novembre ноября ноябрь ноя نوفمبر تشرين_الثاني
december dec diciembre dic dezember dez décembre déc decembre декабря декабрь дек ديسمبر كانون_الأول
"""
_WEEKDAYS = """
monday lunes montag lundi понедельник понедельника الاثنين الإثنين
tuesday martes dienstag mardi вторник вторника الثلاثاء
wednesday miércoles miercoles mittwoch mercredi среду среда среды الأربعاء
thursday jueves donnerstag jeudi четверг четверга الخميس
friday viernes freitag vendredi пятницу пятница пятницы الجمعة
saturday sábado sabado samstag sonnabend samedi субботу суббота субботы السبت
sunday domingo sonntag dimanche воскресенье воскресенья الأحد
"""


def _table(rows: str, first: int) -> dict[str, int]:
    return {
        word.replace("_", " "): number
        for number, row in enumerate(rows.strip().split("\n"), first)
        for word in row.split()
    }


# Month names by number 1..12, weekday names by number 0..6 (Monday 0, as in `date.weekday`).
MONTHS = _table(_MONTHS, 1)
WEEKDAYS = _table(_WEEKDAYS, 0)
