-- question: which conducts is somebody accused of, and how often? (the filter of the page's list)
-- parameters: none
-- columns: conduct, allegations (their number)
select
    conduct,
    count(*) as allegations
from core.allegations
group by conduct
order by conduct
