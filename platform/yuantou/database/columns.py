"""Column types that every table uses in the same way."""

from datetime import date, datetime
from typing import Annotated

from sqlalchemy import BigInteger, Date, DateTime, Identity, SmallInteger, String, Text
from sqlalchemy.orm import mapped_column

Key = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Reference = Annotated[int, mapped_column(BigInteger)]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Day = Annotated[date, mapped_column(Date)]
Code = Annotated[str, mapped_column(String(32))]
Path = Annotated[str, mapped_column(String(160, collation="C"))]
Words = Annotated[str, mapped_column(Text)]
Name = Annotated[str, mapped_column(String(200))]
Small = Annotated[int, mapped_column(SmallInteger)]
